/** Copies the documents of the repository, and the pictures that they show, into `pages/`: VitePress finds its packages from there only. */
import { cpSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = fileURLToPath(new URL('pages', import.meta.url));
const DOCUMENTS = [
  'README.md',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'deploy/README.md',
  'docs',
];
/** Folders, which have no dot, documents and pictures. */
const isShown = (path) => /\.(md|png|svg)$|\/[^./]+$/.test(path);

rmSync(pages, { recursive: true, force: true });
for (const path of DOCUMENTS) cpSync(`${root}${path}`, `${pages}/${path}`, { recursive: true, filter: isShown });
renameSync(`${pages}/README.md`, `${pages}/index.md`);
