import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { sidebar } from '../../site/sidebar.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const markdownIn = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const documents = ['.', 'deploy', 'docs', 'docs/how-to', 'docs/reference', 'docs/decisions'].flatMap(markdownIn);

it('the site lists every document once; single decisions are on their index, and README is the first page', () => {
  const listed = sidebar.flatMap(({ items }) => items.map(({ link }) => link.slice(1)));
  const expected = documents.filter((path) => path !== 'README.md' && !/decisions\/\d/.test(path));
  expect(listed.toSorted()).toEqual(expected.toSorted());
});

it('every link of a document leads to a file of the repository, and every picture is there', () => {
  const broken = documents.flatMap((document) => {
    const text = readFileSync(join(root, document), 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
    return [...text.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)]
      .map(([, address]) => address)
      .filter((address) => !/^[a-z]+:/.test(address) && !existsSync(join(root, dirname(document), address)))
      .map((address) => `${document}: ${address}`);
  });
  expect(broken).toEqual([]);
});
