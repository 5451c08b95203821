import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { makeFolder } from '../support/mod.ts';
import { installPacked, npm, packInto } from '../support/npm.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every file under the folder. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

/** Whether the text names the folder, given with a slash at its end, by its absolute path: './worker/' does not name '/worker/'. */
const namesFolder = (text: string, folder: string): boolean =>
  text
    .split(folder)
    .slice(0, -1)
    .some((before) => !/[\w.-]$/.test(before));

it('the package installs elsewhere and runs a shipped sweep by its bare name', async () => {
  const cwd = makeFolder();
  const { filename, paths } = await packInto(cwd);
  expect(paths).toEqual(
    expect.arrayContaining([
      ...['package.json', 'LICENSE', 'dist/program/main.js', 'dist/program/thread.js', 'dist/program/api.js'],
      'dist/types/orchestrator/api/mod.d.ts',
      ...[
        'dist/program/kernel.wasm',
        'sweeps/extra/losses.yaml',
        'sweeps/smoke.yaml',
        'sweeps/table-4.1.yaml',
        'sweeps/table-4.2.yaml',
        'deploy/README.md',
        'deploy/nats-server.conf',
        'deploy/permissions.conf',
        'deploy/systemd/edgesweep-worker.service',
        'docs/data.md',
        'docs/figure-3.1.png',
        'docs/decisions/0001-lanes-across-rungs.md',
      ],
    ]),
  );
  const allowed =
    /^(package\.json|CITATION\.cff|[A-Z]+(\.md)?|dist\/program\/[^/]+\.(js|js\.map|wasm)|dist\/program\/DejaVu(Sans(-Bold)?\.ttf|-LICENSE)|dist\/program\/page\/[\w.-]+\.(js|css|html|svg|txt)|dist\/program\/(completions\.json|THIRD-PARTY\.txt)|dist\/sbom\.cdx\.json|dist\/types\/[a-z/-]+\.d\.ts|dist\/program\/prebuilds\/[a-z0-9-]+\/kernel\.node(\.sha256)?|sweeps\/((extra|frontier)\/)?[^/]+\.yaml|peers\/([^/]+\.py|requirements\/[^/]+\.txt)|deploy\/((systemd|kubernetes)\/)?[\w.@-]+\.(md|conf|sh|service|yaml)|deploy\/Containerfile|docs\/((decisions|how-to|reference)\/)?[\w.-]+\.(md|png|svg)|docs\/programs\/[\w-]+\.(py|mjs|sh|yaml))$/;
  expect(paths.filter((path) => !allowed.test(path) || /\.test\.|^dist\/test/.test(path))).toEqual([]);

  await installPacked(filename, cwd);
  const installed = join(cwd, 'node_modules', 'edgesweep');
  expect(filesIn(installed).filter((path) => namesFolder(readFileSync(path, 'latin1'), root))).toEqual([]);

  expect(existsSync(join(cwd, 'node_modules', '@tensorflow'))).toBe(false);
  const withTfjs = npm(['exec', '--', 'edgesweep', 'run', 'smoke', '--engine', 'tfjs'], cwd);
  await expect(withTfjs).rejects.toThrow(
    /error \[ENGINE_MISSING\][\s\S]*fix: {6}npm install @tensorflow\/tfjs-core@[\d.]+ /,
  );
  // the path is right from here
  const reachable = npm(['exec', '--', 'edgesweep', 'server', '--host', '0.0.0.0'], cwd);
  await expect(reachable).rejects.toThrow('--config node_modules/edgesweep/deploy/nats-server.conf');

  const stdout = await npm(
    ['exec', '--', 'edgesweep', 'run', 'table-4.2', '--runs', '1', '--set', 'search.growth=1.1'],
    cwd,
  );
  expect(stdout).toMatch(/^Maximal step size by activation function, batch size 1\n/);
  expect(stdout).toMatch(/^linear .* 1 of 1/m);
  const directory = join(cwd, 'results', 'table-4.2');
  expect(existsSync(join(directory, 'table.md'))).toBe(true);
  expect(JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'))).toMatchObject({ gitRevision: null });
  const [first] = readFileSync(join(directory, 'outcomes.jsonl'), 'utf8').split('\n');
  expect(JSON.parse(first)).toMatchObject({
    provenance: { engine: expect.stringMatching(/^(native|simd)$/), host: hostname() },
  });
});

it('the lock file names no host that packages come from', () => {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  expect(lock).not.toContain('"resolved"');
  expect(lock.match(/https?:\/\/[^/"]+(?=\/[^"]*\.tgz)/g)).toBeNull();
});

it('the lock file has every package of every platform, so that npm ci works on all', () => {
  type Entry = { dependencies?: Record<string, string>; optionalDependencies?: Record<string, string> };
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Entry> };
  const paths = Object.keys(lock.packages);
  const missing = Object.values(lock.packages)
    .flatMap((entry) => Object.keys({ ...entry.dependencies, ...entry.optionalDependencies }))
    .filter((name) => !paths.some((path) => path.endsWith(`node_modules/${name}`)));
  expect(missing).toEqual([]);
});
