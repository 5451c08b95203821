import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SHELLS } from '../../orchestrator/completion/scripts.ts';
import { outcomesText, startNats, startProcess, waitFor } from '../support/mod.ts';
import { installNode, isPlatform, VERSIONS } from '../support/node-versions.ts';
import { installPacked, npm, packInto } from '../support/npm.ts';
import { lackingFor, typeLines } from '../support/shells.ts';

/** Minutes; `make test-package` sets it. */
const wanted = process.env.EDGESWEEP_TEST_PACKAGE === '1';
if (!wanted) console.warn('the package is tried under Node 20, 22 and 24 only in `make test-package`');
else if (!isPlatform)
  console.warn('the package is tried under this Node only: the others come as binaries for linux x64');

describe.skipIf(!wanted || !isPlatform)('the package under other versions of Node', () => {
  let root: string;
  let tarball: string;
  const tables = new Map<string, string>();

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'edgesweep-test-'));
    const { filename } = await packInto(root);
    tarball = join(root, filename);
    // fills npm's cache, from which the offline installations come
    await installPacked(filename, root);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each(VERSIONS)(
    'Node %s installs it offline, and runs table-4.2, a cluster, a page and completion',
    async (version) => {
      const folder = mkdtempSync(join(root, 'node-'));
      const node = installNode(version, folder);
      if (node === undefined) throw new Error(`no binary of Node ${version}`);
      const cwd = join(folder, 'empty');
      mkdirSync(cwd);
      writeFileSync(join(cwd, 'package.json'), '{"private": true}');
      const env = { PATH: `${dirname(node)}:${process.env.PATH}`, EDGESWEEP_THREADS: undefined };
      const run = async (file: string, words: readonly string[]) => {
        const { code, stdout, stderr } = await startProcess(file, words, { cwd, env }).ended;
        expect({ words, code, stderr: code === 0 ? '' : stderr }).toEqual({ words, code: 0, stderr: '' });
        return { stdout, stderr };
      };
      const npmProgram = realpathSync(join((await npm(['root', '--global'], cwd)).trim(), 'npm', 'bin', 'npm-cli.js'));
      const installed = await run(node, [npmProgram, 'install', '--offline', '--no-audit', '--no-fund', tarball]);
      // no warning, and no script that prints
      expect(installed.stderr).toBe('');
      const program = join(cwd, 'node_modules', 'edgesweep', 'dist', 'program', 'main.js');
      const edgesweep = (...words: string[]) => run(node, [program, ...words]);

      await edgesweep('run', 'table-4.2', '--runs', '2', '--quiet');
      tables.set(version, readFileSync(join(cwd, 'results', 'table-4.2', 'table.csv'), 'utf8'));

      await edgesweep('run', 'smoke', '--quiet');
      const server = await startNats();
      const worker = startProcess(node, [program, 'worker', '--nats', server.url, '--threads', '1'], { cwd, env });
      await edgesweep('run', 'smoke', '--nats', server.url, '--out', 'results/remote', '--quiet');
      worker.interrupt();
      expect(await worker.ended).toMatchObject({ code: 0 });
      expect(outcomesText(join(cwd, 'results/remote'))).toBe(outcomesText(join(cwd, 'results/smoke')));

      const page = startProcess(node, [program, 'ui', '--port', '0', '--json'], { cwd, env });
      await waitFor('the page', () => page.stdout.includes('\n'));
      // the address with the token sets a cookie and leads to the one without
      const entry = await fetch((JSON.parse(page.stdout) as { url: string }).url, { redirect: 'manual' });
      const cookie = entry.headers.get('set-cookie')?.split(';')[0] ?? '';
      const answer = await fetch(new URL(entry.headers.get('location') ?? '', entry.url), { headers: { cookie } });
      expect({ status: answer.status, text: await answer.text() }).toMatchObject({
        status: 200,
        text: expect.stringMatching(/<!doctype html>/i),
      });
      page.interrupt();
      await page.ended;

      for (const shell of SHELLS) {
        const lacking = lackingFor(shell);
        if (lacking.length > 0) console.warn(`completion in ${shell} is not tested: no ${lacking.join(' and ')}`);
        else expect(await typeLines(shell, cwd, [node, program], ['ru\tsmo\t'])).toEqual([['run', 'smoke']]);
      }
    },
    600_000,
  );

  it('computes the same table under each', () => {
    expect(tables.size).toBe(VERSIONS.length);
    expect(new Set(tables.values()).size).toBe(1);
  });
});
