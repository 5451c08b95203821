import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  ASIDE_FILE,
  openSweepDirectory,
  readSeries,
  repairDirectory,
  seriesPath,
} from '../../../orchestrator/directory/mod.ts';
import type { TrajectoryOutcome } from '../../../shared/mod.ts';
import { makeFolder, makeSweep, OPEN_OPTIONS, outcomesOf, toLines } from './support.ts';

const sweep = makeSweep();
const VICTIM = 'what somebody else keeps\n';

async function made(): Promise<{ directory: string; victim: string }> {
  const folder = makeFolder();
  const directory = join(folder, 'sweep');
  await (await openSweepDirectory(directory, sweep, OPEN_OPTIONS)).close();
  const victim = join(folder, 'victim');
  writeFileSync(victim, VICTIM);
  return { directory, victim };
}

describe.each([
  ['run', (directory: string) => openSweepDirectory(directory, sweep, OPEN_OPTIONS)],
  ['repair', (directory: string) => repairDirectory(directory)],
])('a symbolic link is refused by %s, and its target is as it was:', (_, open) => {
  it.each(['lock', 'outcomes.jsonl', 'manifest.json', 'sweep.yaml', 'series', 'checkpoints'])('%s', async (name) => {
    const { directory, victim } = await made();
    const path = join(directory, name);
    // the target holds what the link's place held, so that nothing else can be what is refused
    if (existsSync(path)) renameSync(path, victim);
    else {
      rmSync(victim);
      mkdirSync(victim);
    }
    symlinkSync(victim, path);
    const before = lstatSync(victim).isFile() ? readFileSync(victim, 'utf8') : undefined;
    await expect(open(directory)).rejects.toMatchObject({
      code: 'DIRECTORY_UNREADABLE',
      exitCode: 2,
      details: { where: path, got: `a link to ${victim}`, fix: expect.stringContaining('copy') },
    });
    if (before !== undefined) expect(readFileSync(victim, 'utf8')).toBe(before);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
  });

  it('one that leads nowhere: nothing is made at its end', async () => {
    const { directory, victim } = await made();
    rmSync(victim);
    rmSync(join(directory, 'outcomes.jsonl'));
    symlinkSync(victim, join(directory, 'outcomes.jsonl'));
    await expect(open(directory)).rejects.toMatchObject({ code: 'DIRECTORY_UNREADABLE' });
    expect(existsSync(victim)).toBe(false);
  });

  it('a lock with two names, one of them of another file', async () => {
    const { directory, victim } = await made();
    rmSync(join(directory, 'lock'));
    linkSync(victim, join(directory, 'lock'));
    await expect(open(directory)).rejects.toMatchObject({ details: { where: join(directory, 'lock') } });
    expect(readFileSync(victim, 'utf8')).toBe(VICTIM);
  });

  it('a journal with two names is locked for all of them, and one without its lock file too', async () => {
    const { directory } = await made();
    const other = await made();
    rmSync(join(other.directory, 'outcomes.jsonl'));
    linkSync(join(directory, 'outcomes.jsonl'), join(other.directory, 'outcomes.jsonl'));
    const first = await openSweepDirectory(directory, sweep, OPEN_OPTIONS);
    await expect(open(other.directory)).rejects.toMatchObject({ code: 'DIRECTORY_LOCKED' });
    rmSync(join(directory, 'lock'));
    await expect(open(directory)).rejects.toMatchObject({ code: 'DIRECTORY_LOCKED' });
    await first.close();
  });
});

it('what a power loss left of a lock is no other file', async () => {
  const { directory } = await made();
  for (const left of [
    'pro',
    'process 12 on',
    '\0\0\0',
    'pro\0\0\0\0\0\x30 on host x\n',
    'process 12 on host x since 2026\n',
  ]) {
    writeFileSync(join(directory, 'lock'), left);
    await (await openSweepDirectory(directory, sweep, OPEN_OPTIONS)).close();
  }
});

it('a link where damaged lines go is refused, and no line is lost', async () => {
  const { directory, victim } = await made();
  const text = toLines(outcomesOf(sweep)).replace('"rung":345', '"rung":346');
  writeFileSync(join(directory, 'outcomes.jsonl'), text);
  symlinkSync(victim, join(directory, ASIDE_FILE));
  await expect(repairDirectory(directory)).rejects.toMatchObject({
    code: 'DIRECTORY_UNREADABLE',
    details: { where: join(directory, ASIDE_FILE), got: expect.stringContaining(victim) },
  });
  expect(readFileSync(victim, 'utf8')).toBe(VICTIM);
  expect(readFileSync(join(directory, 'outcomes.jsonl'), 'utf8')).toBe(text);
});

it('tables take the place of links with their names, whose targets stay', async () => {
  const { directory, victim } = await made();
  const { writeFileAtomically } = await import('../../../orchestrator/directory/mod.ts');
  symlinkSync(victim, join(directory, 'table.md'));
  await writeFileAtomically(join(directory, 'table.md'), 'a table');
  expect(readFileSync(victim, 'utf8')).toBe(VICTIM);
  expect(readFileSync(join(directory, 'table.md'), 'utf8')).toBe('a table');
});

it('a series that is a link is not read', async () => {
  const { directory, victim } = await made();
  const outcome = {
    task: { id: 'a'.repeat(64), experiment: 'trajectory' },
    result: { series: 'b'.repeat(64), iterations: 1 },
    provenance: {},
  } as TrajectoryOutcome;
  mkdirSync(join(directory, 'series'));
  symlinkSync(victim, seriesPath(directory, outcome.task));
  await expect(readSeries(directory, outcome)).rejects.toMatchObject({
    code: 'SERIES_DAMAGED',
    details: { got: 'a symbolic link' },
  });
});
