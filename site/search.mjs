/**
 * Checks the search of the built site: what a reader types leads to the page that explains it, as the first result. The index is the one
 * that the site serves, and it is asked as the page asks it.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import MiniSearch from 'minisearch';
import { searchOptions, tokenize } from './search-options.mjs';

/** What is typed, and the page that comes first. */
const EXPECTED = {
  resume: 'docs/commands',
  sharpness: 'docs/trajectories',
  slurm: 'docs/how-to/slurm',
  merge: 'docs/commands',
  diverges: 'docs/survival',
  'own program': 'docs/how-to/own-program',
  parquet: 'docs/how-to/parquet',
  checkpoint: 'docs/trajectories',
  'batch size': 'docs/trajectories',
  batchSize: 'docs/sweeps',
  cifar: 'docs/how-to/real-data',
  'exit code': 'docs/commands',
  NATS_UNREACHABLE: 'docs/reference/codes',
};

const chunks = fileURLToPath(new URL('../.build/site/assets/chunks', import.meta.url));
const file = readdirSync(chunks).find((name) => name.startsWith('@localSearchIndexroot'));
const { default: index } = await import(`${chunks}/${file}`);
const search = MiniSearch.loadJSON(index, {
  fields: ['title', 'titles', 'text'],
  storeFields: ['title', 'titles'],
  tokenize,
  searchOptions,
});

const base = process.env.SITE_BASE ?? '/';
let wrong = 0;
for (const [words, page] of Object.entries(EXPECTED)) {
  const found = search.search(words).map(({ id }) => id.slice(base.length));
  if (found[0]?.split('#')[0] === `${page}.html`) continue;
  wrong += 1;
  console.error(`search for ${words}: expected ${page}.html first, got ${found.slice(0, 5).join(', ')}`);
}
console.log(`${Object.keys(EXPECTED).length} searches, ${wrong} wrong`);
process.exitCode = wrong === 0 ? 0 : 1;
