/**
 * Writes the address of the repository into package.json, CITATION.cff and the README of the current folder, in place of an earlier one:
 * `make repository URL=https://...`. The site and the list of licences take it from package.json.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const url = (process.argv[2] ?? '').replace(/(\.git)?\/*$/, '');
if (!/^https:\/\/[^\s/]+\/\S+$/.test(url)) {
  console.error('name it: make repository URL=https://HOST/OWNER/NAME');
  process.exit(2);
}

const edit = (file, change) => writeFileSync(file, change(readFileSync(file, 'utf8')));
edit('package.json', (text) => {
  const { repository: _, ...rest } = JSON.parse(text);
  const entries = Object.entries(rest);
  const after = entries.findIndex(([key]) => key === 'license') + 1;
  const repository = { type: 'git', url: `git+${url}.git` };
  return `${JSON.stringify(Object.fromEntries(entries.toSpliced(after, 0, ['repository', repository])), null, 2)}\n`;
});
edit('CITATION.cff', (text) =>
  text.replace(/^repository-code: .*\n/m, '').replace(/^license: .*\n/m, `$&repository-code: ${url}\n`),
);
edit('README.md', (text) => text.replace(/git clone \S+ edgesweep/, `git clone ${url} edgesweep`));
