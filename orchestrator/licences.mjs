/** Licences of the packages whose code or files are copied into the program, as their packages carry them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** The folders of the packages that files are of, from their paths: the innermost, as `node_modules/a/node_modules/b`. */
export const packagesOf = (files) =>
  [
    ...new Set(
      files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file.split('?')[0])?.[0] ?? []),
    ),
  ].sort();

/** Name, version and licence of a package, then the text of its licence. */
export function licenceText(folder) {
  const { name, version, license, licenses, author, repository } = JSON.parse(
    readFileSync(`${folder}/package.json`, 'utf8'),
  );
  const kind = license ?? licenses?.map(({ type }) => type).join(' or ') ?? 'licence in its text';
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)(\W|$)/i.test(file))
    .sort()
    .map((file) => readFileSync(`${folder}/${file}`, 'utf8').trim());
  if (texts.length === 0) {
    // the text of a licence that is only named is a standard one; who holds the rights is in the package's description
    const holder = typeof author === 'string' ? author : author?.name;
    const source = typeof repository === 'string' ? repository : repository?.url;
    const facts = [holder && `author: ${holder}`, source && `source: ${source}`].filter(Boolean);
    texts.push(`The package names the licence ${kind} and has no file with its text.\n${facts.join('\n')}`.trim());
  }
  return `${name} ${version} (${kind})\n\n${texts.join('\n\n')}`;
}

const RULE = `\n\n${'-'.repeat(80)}\n\n`;

/** All of them, in one text. */
export function thirdParty(folders) {
  const missing = folders.filter((folder) => !existsSync(`${folder}/package.json`));
  if (missing.length > 0) throw new Error(`no package: ${missing.join(', ')}`);
  const head = 'Packages whose code or files are part of this folder, with their licences. Written by the build.';
  // two folders may hold the same version
  return `${[head, ...new Set(folders.map(licenceText))].join(RULE)}\n`;
}
