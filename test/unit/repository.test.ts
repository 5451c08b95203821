import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

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
