import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { productionPackages } from '../supply/packages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('nothing that the package brings runs an install script', () => {
  const packages = productionPackages(root);
  expect(packages.length).toBeGreaterThan(50);
  expect(packages.filter(({ hasInstallScript }) => hasInstallScript)).toEqual([]);
});

it('the list of dependencies in the package is complete, and the same each time', async () => {
  const make = async () => {
    await promisify(execFile)(process.execPath, [join(root, 'orchestrator/sbom.mjs')], { cwd: root });
    return readFileSync(join(root, 'dist/sbom.cdx.json'), 'utf8');
  };
  const text = await make();
  const { bomFormat, metadata, components } = JSON.parse(text);
  expect(bomFormat).toBe('CycloneDX');
  expect(metadata).toEqual({ component: expect.objectContaining({ name: 'edgesweep' }) });
  const listed = new Set(
    components.map(({ name, version }: { name: string; version: string }) => `${name}@${version}`),
  );
  expect(productionPackages(root).filter(({ name, version }) => !listed.has(`${name}@${version}`))).toEqual([]);
  expect(text).not.toMatch(/timestamp|serialNumber|urn:uuid/);
  expect(await make()).toBe(text);
});

it('the package has the licence of every package whose code is in its bundle', () => {
  const folder = join(root, 'dist/program');
  const sources = readdirSync(folder)
    .filter((file) => file.endsWith('.js.map'))
    .flatMap((file) => (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { sources: string[] }).sources);
  const bundled = sources.flatMap((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  const text = readFileSync(join(folder, 'THIRD-PARTY.txt'), 'utf8');
  const listed = [...text.matchAll(/^(\S+) [\d.]+ \(.+\)$/gm)].map(([, name]) => name);
  expect(new Set(bundled).size).toBeGreaterThan(50);
  expect([...new Set(bundled)].filter((name) => !listed.includes(name))).toEqual([]);
  for (const name of ['preact', 'uplot', 'dejavu-fonts-ttf', 'assemblyscript']) expect(listed).toContain(name);
  expect(text).not.toContain('has no file with its text');
});

it('every test that SECURITY.md names is there', () => {
  const text = readFileSync(join(root, 'SECURITY.md'), 'utf8');
  const named = text.match(/test\/[\w./-]+\.test\.ts/g) ?? [];
  expect(named.length).toBeGreaterThan(10);
  for (const file of named) readFileSync(join(root, file));
});
