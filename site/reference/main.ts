/** Writes docs/reference: `make reference`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PAGES } from './pages.ts';

const folder = fileURLToPath(new URL('../../docs/reference/', import.meta.url));
mkdirSync(folder, { recursive: true });
for (const [name, write] of Object.entries(PAGES)) writeFileSync(`${folder}${name}`, await write());
