import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { publishedDigest } from '../../shared/mod.ts';
import { DEBIAN_FOLDER, requireFashionMnist } from '../golden/image-tasks.ts';
import {
  digestOfFiles,
  inProcess,
  makeFolder,
  outcomesText,
  standIn,
  startHttp,
  writeFiles,
  writeSweep,
} from '../support/mod.ts';

const { files } = standIn('mnist', 30);
const digest = digestOfFiles(files);

let cwd: string;
/** none of the user's data directories is looked into */
let env: Record<string, string>;

beforeEach(() => {
  cwd = makeFolder();
  env = { XDG_DATA_HOME: join(cwd, 'share') };
});

const makeSweep = (more = '', examples = 20) =>
  writeSweep(cwd, {
    runs: 2,
    grid: `{activation: linear, depth: 2, width: 4, dataset: {kind: mnist, examples: ${examples}, digest: ${digest}}}`,
    search: '{initialStepSize: 0.1, growth: 1.1, steps: 20, ceiling: 1.0e+4}',
    more,
  });

describe('the data of a sweep', () => {
  it('are looked for where the flag says, else the variable, else the sweep, else the default', async () => {
    const folders = ['flag', 'variable', 'sweep', join('share', 'edgesweep', 'data')];
    for (const [i, folder] of folders.entries()) {
      // those before it would be taken if they were there
      writeFiles(join(cwd, folder, 'mnist'), files);
      const sweep = makeSweep(i > 2 ? '' : 'data: {directory: sweep}');
      const words = ['run', sweep, '--quiet', '--out', `out-${i}`, ...(i > 0 ? [] : ['--data-dir', 'flag'])];
      const ended = await inProcess(words, { cwd, env: { ...env, ...(i <= 1 && { EDGESWEEP_DATA: 'variable' }) } });
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      expect(outcomesText(join(cwd, `out-${i}`))).toBe(outcomesText(join(cwd, 'out-0')));
    }
  });

  it('that are not there end the run before it begins, and not its listing', async () => {
    const sweep = makeSweep();
    const ended = await inProcess(['run', sweep, '--out', 'out', '--data-dir', 'none'], { cwd, env });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/^error \[DATA_MISSING\]: the data set mnist is missing\n {2}where: {4}\S+\/none, /);
    expect(ended.stderr).toContain('edgesweep data fetch mnist');
    expect((await inProcess(['expand', sweep, '--json'], { cwd, env })).stdout).toContain(`"digest":"${digest}"`);
    writeFiles(join(cwd, 'none', 'mnist'), files);
    const again = await inProcess(['run', sweep, '--out', 'out', '--data-dir', 'none', '--quiet'], { cwd, env });
    expect(again.code).toBe(0);
  });

  it('of which there are too few end the run before it begins', async () => {
    writeFiles(join(cwd, 'data', 'mnist'), files);
    const words = ['run', makeSweep('', 31), '--data-dir', 'data', '--quiet', '--out', 'out'];
    const { code, stderr } = await inProcess(words, { cwd, env });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error \[DATA_TOO_FEW\]: \S+train-images-idx3-ubyte, byte 4: mnist has 30 examples\n/);
  });

  it('are computed again by verify, and dumped', async () => {
    writeFiles(join(cwd, 'data', 'mnist'), files);
    const sweep = makeSweep('data: {directory: data}');
    expect((await inProcess(['run', sweep, '--quiet', '--out', 'out'], { cwd, env })).code).toBe(0);
    const verified = await inProcess(['verify', 'out', '--engine', 'reference', '--quiet'], { cwd, env });
    expect(verified).toMatchObject({ code: 0, stdout: '2 outcomes recomputed, 0 differ\n' });
    expect((await inProcess(['dump', sweep, '--cell', '0', '--out', 'trial'], { cwd, env })).code).toBe(0);
    const header = readFileSync(join(cwd, 'trial', 'X.npy'))
      .subarray(0, 128)
      .toString('latin1');
    expect(header).toContain("'shape': (20, 784,)");
  });
});

describe('edgesweep data', () => {
  beforeAll(requireFashionMnist);

  it('fetches from a server, checks and lists', async () => {
    const folder = join(DEBIAN_FOLDER, 'fashion-mnist');
    const names = readdirSync(folder);
    const { url } = await startHttp(new Map(names.map((name) => [name, readFileSync(join(folder, name))])));
    const fetched = await inProcess(['data', 'fetch', 'fashion-mnist', '--from', url, '--data-dir', 'data'], {
      cwd,
      env,
    });
    expect(fetched).toMatchObject({ code: 0, stdout: `${join(cwd, 'data', 'fashion-mnist')}\n` });
    expect(fetched.stderr).toContain(`downloading ${url}train-images-idx3-ubyte.gz`);
    expect(readdirSync(join(cwd, 'data'))).toEqual(['fashion-mnist']);
    const listed = await inProcess(['data', 'list', '--data-dir', 'data'], { cwd, env });
    expect(listed.stdout).toMatch(/^mnist +60000 +LeCun, Cortes, Burges +not here$/m);
    expect(listed.stdout).toMatch(
      /^fashion-mnist .* \/\S+\/data\/fashion-mnist +verified: 60000 examples; test set verified: 10000 examples$/m,
    );
    const checked = await inProcess(['data', 'check', 'fashion-mnist', '--data-dir', 'data'], { cwd, env });
    expect(checked).toMatchObject({ code: 0, stderr: '' });
    expect(checked.stdout.split('\n')[0]).toContain(`, digest ${publishedDigest('fashion-mnist')}`);
  });

  it('tells what is damaged or other than published', async () => {
    writeFiles(join(cwd, 'data', 'mnist'), files);
    const other = await inProcess(['data', 'check', 'mnist', '--data-dir', 'data'], { cwd, env });
    expect(other.code).toBe(0);
    expect(other.stdout).toContain(`not the published files: 30 examples, digest ${digest}`);
    writeFileSync(join(cwd, 'data', 'mnist', 'train-labels-idx1-ubyte'), 'nonsense');
    const damaged = await inProcess(['data', 'check', '--data-dir', 'data'], { cwd, env });
    expect(damaged.code).toBe(2);
    expect(damaged.stderr).toContain('train-labels-idx1-ubyte, byte 0: not an IDX file of labels');
  });

  it('without the internet tells the addresses and where to put the files', async () => {
    mkdirSync(join(cwd, 'data'));
    const words = ['data', 'fetch', 'mnist', '--from', 'http://127.0.0.1:1/', '--data-dir', 'data'];
    const ended = await inProcess(words, { cwd, env });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('https://storage.googleapis.com/cvdf-datasets/mnist/');
    expect(ended.stderr).toContain('or put them into the folder mnist of the data directory');
    expect(readdirSync(join(cwd, 'data'))).toEqual([]);
  });

  it.each([
    ['data', '`data` needs one more argument'],
    ['data fetch', 'no data set is named'],
    ['data fetch cifar', 'no data set `cifar`'],
    ['data lists', 'Given: "lists"'],
    ['data push mnist', 'no nats-server is set'],
  ])('`edgesweep %s` is an error of usage', async (line, words) => {
    const ended = await inProcess(line.split(' '), { cwd, env });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(words);
  });
});
