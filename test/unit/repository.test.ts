import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { makeFolder } from '../support/mod.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { version, license } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

it('CITATION.cff has the version and licence of the package', () => {
  expect(parse(readFileSync(`${root}CITATION.cff`, 'utf8'))).toMatchObject({
    'cff-version': '1.2.0',
    version,
    license,
    authors: [expect.anything()],
  });
});

/** Where the files of a folder say that the repository is; undefined where they do not. */
function repositoryIn(folder: string): Record<string, string | undefined> {
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const { repository } = JSON.parse(read('package.json')) as { repository?: { url: string } };
  const [, clone] = /git clone (\S+) edgesweep/.exec(read('README.md')) ?? [];
  return {
    package: repository?.url.replace(/^git\+|\.git$/g, ''),
    citation: parse(read('CITATION.cff'))['repository-code'],
    readme: clone === '...' ? undefined : clone,
  };
}

it('package.json, CITATION.cff and the README name the same repository, or none; `make repository URL=...` sets it', () => {
  expect(new Set(Object.values(repositoryIn(root))).size).toBe(1);

  const cwd = makeFolder();
  for (const name of ['package.json', 'CITATION.cff', 'README.md']) copyFileSync(join(root, name), join(cwd, name));
  for (const url of ['https://host.example/a/b', 'https://host.example/owner/name']) {
    execFileSync(process.execPath, [join(root, 'orchestrator/repository.mjs'), `${url}.git`], { cwd });
    expect(repositoryIn(cwd)).toEqual({ package: url, citation: url, readme: url });
  }
  // everything else is as before
  const { repository: _, ...rest } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
  const { repository: __, ...before } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(rest).toEqual(before);
});

it('issue templates have what a form needs', () => {
  const forms = readdirSync(`${root}.github/ISSUE_TEMPLATE`).filter((name) => name !== 'config.yml');
  expect(forms.length).toBeGreaterThan(2);
  for (const name of forms) {
    const { body, ...heading } = parse(readFileSync(`${root}.github/ISSUE_TEMPLATE/${name}`, 'utf8'));
    expect(heading).toEqual({
      name: expect.any(String),
      description: expect.any(String),
      labels: [expect.any(String)],
    });
    const ids = body.map((part: { id: string; attributes: { label: string } }) => {
      expect(part.attributes.label).toEqual(expect.any(String));
      return part.id;
    });
    expect(new Set(ids).size).toBe(ids.length);
  }
});

it('the release workflow runs targets that the Makefile has, on every Node that the package supports', () => {
  const text = readFileSync(`${root}.github/workflows/release.yml`, 'utf8');
  const { jobs } = parse(text);
  expect(Object.keys(jobs)).toEqual(['test', 'pack', 'install', 'publish']);
  expect(jobs.install.strategy.matrix.node).toEqual([20, 22, 24]);
  const targets = readFileSync(`${root}Makefile`, 'utf8');
  for (const [, target] of text.matchAll(/run: make ([\w-]+)/g))
    expect(targets).toMatch(new RegExp(`^${target}:`, 'm'));
});
