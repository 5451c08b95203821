import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../shared/mod.ts';
import { type Answer, missing } from './answers.ts';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
};

/** A file of the page, as `bundle.mjs` makes it. */
export const pageFile = (name: string): string => join(packageRoot(), 'dist', 'program', 'page', name);

/** A file of the page. Names are taken from a list of letters, so that none leads elsewhere. @throws RequestError */
export function assetAt(path: string): Answer {
  const [, name, ending] = /^\/([\w-]+\.(html|js|css|svg|txt))$/.exec(path === '/' ? '/index.html' : path) ?? [];
  if (name === undefined) throw missing('page');
  try {
    return { type: TYPES[ending], body: readFileSync(pageFile(name)) };
  } catch {
    throw missing('page');
  }
}
