/** Numbers in the kernel: of activations their places in `shared/activations.ts`, of the operations of graphs those in `graph/operations.ts`. */
import { tsImport } from 'tsx/esm/api';

export async function kinds() {
  const { ACTIVATIONS } = await tsImport('../../../shared/activations.ts', import.meta.url);
  const { OPERATIONS } = await tsImport('../graph/operations.ts', import.meta.url);
  const numbered = (names) =>
    `export const ${names.map((name, i) => `${name.toUpperCase().replaceAll('-', '_')} = ${i}`).join(', ')};\n`;
  return `// Written by kinds.mjs; do not edit.\n${numbered(ACTIVATIONS)}${numbered(OPERATIONS)}`;
}
