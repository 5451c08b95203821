import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KNOWN_PROTOCOLS } from '../../shared/protocol/mod.ts';
import { PROGRAM } from '../support/processes.ts';

const BUILT = dirname(PROGRAM);
const ROOT = join(BUILT, '..', '..');

/**
 * A copy of the built program with another version number.
 * @param protocols that its worker nodes know, where they are not to be those of this one
 * @returns what node is to run
 */
export function makeBuild(folder: string, version: string, protocols = KNOWN_PROTOCOLS): string {
  const program = join(folder, 'dist', 'program');
  mkdirSync(program, { recursive: true });
  cpSync(BUILT, program, { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const facts = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as object;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...facts, version }));
  if (protocols !== KNOWN_PROTOCOLS) changeProtocols(program, protocols);
  return join(program, 'main.js');
}

const filesOf = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .map((name) => join(folder, name));

/** Those that the nodes of a built program know. @param program what node runs */
export function protocolsOf(program: string): number[] {
  const declarations = /KNOWN_PROTOCOLS = \[([\d, ]+)\];/;
  const found = filesOf(dirname(program)).flatMap((path) => declarations.exec(readFileSync(path, 'utf8'))?.[1] ?? []);
  if (found.length !== 1) throw new Error(`${found.length} files of ${dirname(program)} declare the known protocols`);
  return found[0].split(',').map(Number);
}

function changeProtocols(program: string, protocols: readonly number[]): void {
  const declaration = `KNOWN_PROTOCOLS = [${KNOWN_PROTOCOLS.join(', ')}];`;
  const paths = filesOf(program);
  const declaring = paths.filter((path) => readFileSync(path, 'utf8').includes(declaration));
  if (declaring.length !== 1) throw new Error(`${declaring.length} files of ${program} declare the known protocols`);
  const text = readFileSync(declaring[0], 'utf8');
  writeFileSync(declaring[0], text.replace(declaration, `KNOWN_PROTOCOLS = [${protocols.join(', ')}];`));
}
