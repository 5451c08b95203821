import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { addonPath, loadAddon } from '../../worker/engines/native/addon.ts';
import { createNativeEngine, engineOn } from '../../worker/engines/native/mod.ts';
import { buildVariant } from '../support/native.ts';
import { problemOf } from '../unit/engines/support.ts';

const PLATFORM = `${process.platform}-${process.arch}`;
const isBuilt = existsSync(addonPath(PLATFORM));
if (!isBuilt) console.log('not tested: a native kernel with a fused multiply-add: none was built');

it.runIf(isBuilt)('the self-test refuses a kernel with a fused multiply-add', () => {
  const addon = loadAddon(PLATFORM, buildVariant('fused'));
  const refused = { message: expect.stringMatching(/native kernel and the reference e/) };
  for (const lanes of [8, 4]) {
    expect(() => createNativeEngine({ ...addon, lanes: [lanes] })).toThrow(expect.objectContaining(refused));
    const graph = problemOf({ inputs: 16, width: 4 }, 5, { model: 'cnn' });
    expect(() => engineOn(addon, [lanes]).objective(graph)).toThrow(expect.objectContaining(refused));
  }
});
