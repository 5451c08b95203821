import { chmodSync, existsSync, mkdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { scratchFolder } from '../../../orchestrator/commands/scratch.ts';
import { makeFolder } from '../../support/mod.ts';

let temporary: string;
beforeEach(() => {
  temporary = makeFolder();
  vi.stubEnv('TMPDIR', temporary);
  return () => void vi.unstubAllEnvs();
});

const own = () => join(temporary, `edgesweep-${process.getuid?.()}`);

it('is made for this user only, and may be there already', () => {
  expect(scratchFolder(undefined)).toBe(own());
  expect(statSync(own()).mode & 0o777).toBe(0o700);
  expect(scratchFolder(undefined)).toBe(own());
});

it('is not used when others may write to it, or when it is a link', () => {
  mkdirSync(own());
  chmodSync(own(), 0o777);
  expect(() => scratchFolder(undefined)).toThrow('cannot use the scratch folder');
  const other = join(temporary, 'other');
  mkdirSync(other);
  vi.stubEnv('TMPDIR', other);
  // the mode of a link is that everybody may write
  symlinkSync(makeFolder(), join(other, `edgesweep-${process.getuid?.()}`));
  expect(() => scratchFolder(undefined)).toThrow('cannot use the scratch folder');
});

it('may be named, and is made; a file in its place is refused', () => {
  const named = join(temporary, 'some', 'where');
  expect(scratchFolder(named)).toBe(named);
  const file = join(temporary, 'file');
  writeFileSync(file, '');
  expect(() => scratchFolder(file)).toThrow('cannot use the scratch folder');
});

it('loses what nobody has gone on with for a month, and nothing else', () => {
  const folder = scratchFolder(undefined);
  const month = new Date(Date.now() - 31 * 24 * 3600 * 1000);
  const names = ['a.checkpoint', 'a.checkpoint.before', 'a.checkpoint.part', 'mine.txt', 'b.checkpoint'];
  for (const name of names) writeFileSync(join(folder, name), '');
  for (const name of names.slice(0, 4)) utimesSync(join(folder, name), month, month);
  scratchFolder(undefined);
  expect(names.filter((name) => existsSync(join(folder, name)))).toEqual(['mine.txt', 'b.checkpoint']);
});
