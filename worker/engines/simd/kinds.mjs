/** Numbers of the activations in the kernel: their places in `shared/activations.ts`, by which the engines name them. */
import { tsImport } from 'tsx/esm/api';

export async function kinds() {
  const { ACTIVATIONS } = await tsImport('../../../shared/activations.ts', import.meta.url);
  const numbers = ACTIVATIONS.map((name, i) => `${name.toUpperCase().replaceAll('-', '_')} = ${i}`);
  return `// Written by kinds.mjs; do not edit.\nexport const ${numbers.join(', ')};\n`;
}
