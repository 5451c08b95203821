import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';
import { searchOptions, tokenize } from '../search-options.mjs';
import { sidebar } from '../sidebar.ts';

const { repository } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
/** Where the sources are, once package.json says so. */
const source = repository?.url.replace(/^git\+|\.git$/g, '');

/**
 * On top of VitePress's looks: tables of four and more columns fit a wide screen, since their later columns may break words; code in lists stays
 * within them on a phone.
 */
const STYLE = `
.vp-doc th, .vp-doc td { padding: 6px 10px; vertical-align: top; }
@media (min-width: 960px) {
  .vp-doc td:first-child code { white-space: nowrap; }
  .vp-doc td:nth-child(n + 4), .vp-doc td:nth-child(n + 4) code { overflow-wrap: anywhere; }
}
@media (min-width: 1280px) { .VPDoc.has-aside .content-container { max-width: 800px !important; } }
@media (max-width: 639px) { .vp-doc li div[class*='language-'] { margin-left: 0; margin-right: 0; } }
`;

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
  head: [
    // without a line here browsers ask for favicon.ico
    ['link', { rel: 'icon', href: 'data:,' }],
    ['style', {}, STYLE],
  ],
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
