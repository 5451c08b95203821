/**
 * Writes dist/sbom.cdx.json, what the package brings: every dependency that npm installs with it, and every package whose code or files the
 * build copied, with version, licence and digest, as CycloneDX. The same lock file gives the same bytes: without the time, the serial number and the name of this folder. Run by `npm pack`.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const cwd = fileURLToPath(new URL('..', import.meta.url));
const words = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
const { serialNumber: _, metadata, ...bom } = JSON.parse(execFileSync('npm', words, { cwd, maxBuffer: 1 << 26 }));
// npm's own --omit dev also omits what development and production share
const lock = JSON.parse(readFileSync(`${cwd}package-lock.json`, 'utf8'));
const copied = new Set(JSON.parse(readFileSync(`${cwd}dist/copied.json`, 'utf8')));
const shipped = new Set();
for (const [path, { version, dev, devOptional, peer }] of Object.entries(lock.packages)) {
  if (path === '') shipped.add(`${lock.name}@${version}`);
  else if ((!dev && !devOptional && !peer) || copied.has(path))
    shipped.add(`${path.split('node_modules/').at(-1)}@${version}`);
}
const isShipped = (ref) => shipped.has(ref.split('|')[0]);

const { name } = JSON.parse(readFileSync(`${cwd}package.json`, 'utf8'));

const byKey = (key) => (a, b) => (a[key] < b[key] ? -1 : 1);
bom.components = bom.components.filter((one) => isShipped(one['bom-ref'])).sort(byKey('bom-ref'));
bom.dependencies = bom.dependencies
  .filter(({ ref }) => isShipped(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(isShipped).sort() }))
  .sort(byKey('ref'));

mkdirSync(`${cwd}dist`, { recursive: true });
const { component } = metadata;
const text = JSON.stringify({ ...bom, metadata: { component: { ...component, name } } }, null, 1);
writeFileSync(`${cwd}dist/sbom.cdx.json`, `${text}\n`);
