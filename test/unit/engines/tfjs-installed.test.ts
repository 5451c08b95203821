import { expect, it } from 'vitest';
import { requireTfjs } from '../../../worker/engines/tfjs/installed.ts';

it('names the command that installs TensorFlow.js where it, or a part of it, is missing', () => {
  const fix =
    'npm install @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0';
  const message = 'the engine tfjs needs TensorFlow.js, which is not installed';
  for (const missing of ['', 'core', 'layers', 'backend-wasm']) {
    const look = () => requireTfjs((name) => missing !== '' && name !== `@tensorflow/tfjs-${missing}`);
    expect(look).toThrow(expect.objectContaining({ code: 'ENGINE_MISSING', message }));
    expect(look).toThrow(expect.objectContaining({ details: expect.objectContaining({ fix }) }));
  }
});

it('finds it here, among the packages for development', () => {
  expect(() => requireTfjs()).not.toThrow();
});
