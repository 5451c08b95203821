import { readFileSync } from 'node:fs';
import { type Answer, missing } from './answers.ts';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
};

/** The files of the page lie in a folder beside the program. */
export const PAGE_FOLDER = new URL('page/', import.meta.url);

/** A file of the page. Names are taken from a list of letters, so that none leads elsewhere. @throws RequestError */
export function assetAt(path: string): Answer {
  const [, name, ending] = /^\/([\w-]+\.(html|js|css|svg))$/.exec(path === '/' ? '/index.html' : path) ?? [];
  if (name === undefined) throw missing('page');
  try {
    return { type: TYPES[ending], body: readFileSync(new URL(name, PAGE_FOLDER)) };
  } catch {
    throw missing('page');
  }
}
