/**
 * Checks what edgesweep brings: no dependency runs an install script, every licence is a known one, and `npm audit` where
 * the registry offers it. Exit code 1 when one of them is violated.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { licenceOf, type Package, productionPackages } from './packages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const packages = productionPackages(root);

/** Permissive, or (MPL-2.0) with conditions on changed files only. */
const LICENCES = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Unlicense', 'MPL-2.0'];
/** Licences without a name in the list, as read in the package. */
const READ: Readonly<Record<string, string>> = {
  'dejavu-fonts-ttf': 'fonts under the Bitstream Vera licence, DejaVu changes in the public domain',
  jstat: 'MIT, in its LICENSE file',
};

function checkScripts(): boolean {
  const running = packages.filter(({ hasInstallScript }) => hasInstallScript);
  console.log(`install scripts: ${running.length === 0 ? `none in ${packages.length} packages` : 'FOUND'}`);
  for (const { name } of running) console.log(`  ${name}`);
  return running.length === 0;
}

function checkLicences(): boolean {
  const byLicence = new Map<string, Package[]>();
  for (const one of packages) {
    const licence = licenceOf(root, one);
    byLicence.set(licence, [...(byLicence.get(licence) ?? []), one]);
  }
  let known = true;
  console.log('licences:');
  for (const [licence, of] of [...byLicence].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const names = of.map(({ name, version }) => `${name} ${version}`).join(', ');
    const unread = LICENCES.includes(licence) ? [] : of.filter(({ name }) => READ[name] === undefined);
    console.log(`  ${licence}: ${of.length}: ${names}`);
    for (const { name } of of) if (!LICENCES.includes(licence) && READ[name]) console.log(`    ${name}: ${READ[name]}`);
    for (const { name } of unread) console.log(`    UNKNOWN: ${name}: read its licence and add it to READ`);
    if (unread.length > 0) known = false;
  }
  return known;
}

/** Resolves to false for known vulnerabilities; a registry without the service is reported and is no violation. */
function checkAdvisories(): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('npm', ['audit', '--json'], { cwd: root, maxBuffer: 1 << 26 }, (_error, stdout) => {
      try {
        const { vulnerabilities } = JSON.parse(stdout) as { vulnerabilities?: Record<string, unknown> };
        if (vulnerabilities === undefined) throw new Error('no report');
        // of what only develops and tests edgesweep, users get nothing
        const found = packages.filter(({ name }) => name in vulnerabilities).map(({ name }) => name);
        const isSafe = found.length === 0;
        console.log(
          `npm audit: ${isSafe ? 'no known vulnerability' : `VULNERABLE: ${found.join(', ')}: run npm audit`}`,
        );
        resolve(isSafe);
      } catch {
        console.log('npm audit: NOT CHECKED: the registry does not offer it; rerun with a registry that does');
        resolve(true);
      }
    });
  });
}

const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string };
console.log(`edgesweep ${version}: ${packages.length} packages, installed with it or copied into it`);
const passed = [checkScripts(), checkLicences(), await checkAdvisories()];
process.exitCode = passed.every(Boolean) ? 0 : 1;
