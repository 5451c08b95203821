import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';
import { searchOptions, tokenize } from '../search-options.mjs';
import { sidebar } from '../sidebar.ts';

const { repository } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
/** Where the sources are, once package.json says so. */
const source = repository?.url.replace(/^git\+|\.git$/g, '');

/** Names of headings as GitHub makes them, so that links to them hold in both. */
const slugify = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

/** The site shows the documents of the repository at their own paths, so that their links hold in both. */
export default defineConfig({
  title: 'edgesweep',
  description: 'Sweeps of small training runs: the largest stable step size, and sharpness along the way',
  base: process.env.SITE_BASE ?? '/',
  srcDir: 'pages',
  outDir: '../.build/site',
  cacheDir: '../.build/site-cache',
  ignoreDeadLinks: false,
  markdown: { anchor: { slugify } },
  themeConfig: {
    // the index is part of the site: search needs no server
    search: { provider: 'local', options: { miniSearch: { options: { tokenize }, searchOptions } } },
    nav: [
      { text: 'Tutorial', link: '/docs/tutorial' },
      { text: 'Commands', link: '/docs/commands' },
      { text: 'Reference', link: '/docs/reference/sweep-files' },
      ...(source === undefined ? [] : [{ text: 'Source', link: source }]),
    ],
    sidebar: [...sidebar],
    outline: [2, 3],
  },
});
