import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  type Ended,
  edgesweep,
  inProcess,
  journalLines,
  journalText,
  makeFolder,
  mountSmallDisk,
  outcomesText,
  PROGRAM,
  startProcess,
  writeSweep,
} from '../support/mod.ts';

/** 200 tasks that take no time; their outcomes take about 100 KB. */
const makeSweep = (folder: string): string =>
  writeSweep(folder, {
    runs: 200,
    grid: '{activation: linear, depth: 1, width: 1, dataset: {kind: synthetic, examples: 1, dimensions: 1}}',
    search: '{initialStepSize: 0.1, growth: 2, steps: 1, ceiling: 0.1}',
  });

const onLinux = process.platform === 'linux';

function expectDiskError(ended: Ended, got: RegExp): void {
  expect(ended, ended.stderr).toMatchObject({ code: 1, signal: null, stdout: '' });
  expect(ended.stderr).toContain('error [DISK]: cannot ');
  expect(ended.stderr).toMatch(/^ +where: +\S/m);
  expect(ended.stderr).toMatch(got);
  expect(ended.stderr).toMatch(/^ +fix: .*rerun the same command to resume$/m);
  expect(ended.stderr).not.toMatch(/^ +at /m);
}

/** What is in the journal is whole, and a run with space enough finishes with what an undisturbed run gives. */
async function expectToGoOn(cwd: string, sweep: string, directory: string): Promise<void> {
  const recorded = journalText(directory);
  expect(recorded === '' || recorded.endsWith('}\n')).toBe(true);
  expect(journalLines(directory).length).toBeLessThan(200);
  const ended = await inProcess(['run', sweep, '--out', directory], { cwd });
  expect(ended).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(`^${recorded.split('\n').length - 1}/200 tasks\\b`),
  });
  expect(journalText(directory).startsWith(recorded)).toBe(true);
  expect(await inProcess(['run', sweep, '--out', 'undisturbed', '--quiet'], { cwd })).toMatchObject({ code: 0 });
  expect(outcomesText(directory)).toBe(outcomesText(join(cwd, 'undisturbed')));
}

it('a full disk ends the run with what was recorded, and with space it continues', async ({ skip }) => {
  const disk = onLinux ? mountSmallDisk('size=200k') : undefined;
  // elsewhere files that may not grow do: see the next test
  if (disk === undefined) return skip('no small disk can be mounted here');
  const cwd = makeFolder();
  const sweep = makeSweep(cwd);
  const ballast = join(disk.path, 'ballast');
  writeFileSync(ballast, Buffer.alloc(140 << 10));
  const directory = join(disk.path, 'full');
  expectDiskError(await edgesweep(['run', sweep, '--out', directory], { cwd }), /ENOSPC: no space left/);
  expect(journalLines(directory).length).toBeGreaterThan(0);
  rmSync(ballast);
  await expectToGoOn(cwd, sweep, directory);
});

it('a journal that may not grow ends the run with what was recorded, and without the limit it continues', async () => {
  const cwd = makeFolder();
  const sweep = makeSweep(cwd);
  // in blocks of 512 or of 1024 bytes, whichever the shell takes
  const command = `ulimit -f 40; exec "$0" "$@"`;
  const words = ['-c', command, process.execPath, PROGRAM, 'run', sweep, '--out', 'limited'];
  expectDiskError(await startProcess('sh', words, { cwd }).ended, /EFBIG: the file is larger than the limit/);
  expect(journalLines(join(cwd, 'limited')).length).toBeGreaterThan(0);
  await expectToGoOn(cwd, sweep, join(cwd, 'limited'));
});

it('a read-only disk or folder is refused, and can still be read', async () => {
  const cwd = makeFolder();
  const asRoot = process.getuid?.() === 0;
  const disk = asRoot && onLinux ? mountSmallDisk('size=1m') : undefined;
  if (asRoot && disk === undefined) {
    console.warn('nothing is read-only to this user: a path that cannot be made stands for it');
    expectDiskError(await edgesweep(['run', 'smoke', '--out', '/dev/fd/new'], { cwd }), /got: /);
    return;
  }
  const folder = disk?.path ?? join(cwd, 'folder');
  if (disk === undefined) mkdirSync(folder);
  const directory = join(folder, 'done');
  expect(await inProcess(['run', 'smoke', '--out', directory, '--quiet'], { cwd })).toMatchObject({ code: 0 });
  const journal = journalText(directory);
  if (disk !== undefined) disk.remount('ro');
  else for (const path of [directory, folder]) chmodSync(path, 0o555);

  const got = disk !== undefined ? /EROFS: the file system is read-only/ : /EACCES: no permission to write/;
  expectDiskError(await inProcess(['run', 'smoke', '--out', join(folder, 'new')], { cwd }), got);
  expectDiskError(await inProcess(['run', 'smoke', '--runs', '5', '--out', directory], { cwd }), got);
  expect(existsSync(join(folder, 'new'))).toBe(false);
  expect(journalText(directory)).toBe(journal);
  expect(await inProcess(['table', directory], { cwd })).toMatchObject({ code: 0, stderr: '' });
  expect(await inProcess(['verify', directory, '--quiet'], { cwd })).toMatchObject({ code: 0, stderr: '' });
  for (const path of disk === undefined ? [folder, directory] : []) chmodSync(path, 0o755);
});

it('an output that cannot be written is told', async () => {
  if (!existsSync('/dev/full')) return;
  const cwd = makeFolder();
  for (const command of ['expand smoke', 'schema', 'run smoke --quiet']) {
    const words = ['-c', `exec "$0" "$@" > /dev/full`, process.execPath, PROGRAM, ...command.split(' ')];
    const ended = await startProcess('sh', words, { cwd }).ended;
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error \[DISK\]: cannot write the output\n.*ENOSPC/),
    });
    expect(ended.stderr).not.toMatch(/^ +at /m);
  }
  // the results are there all the same
  expect(readdirSync(join(cwd, 'results/smoke'))).toContain('table.md');
  expect(readFileSync(join(cwd, 'results/smoke/table.md'), 'utf8')).toContain('3 of 3');
});
