import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../shared/package.ts';
import { listShippedSweeps } from '../../shared/sweep/shipped.ts';
import { listSweepDirectories } from '../directory/list.ts';
import { joinWordBreaks } from './bash-words.ts';
import { type Proposal, proposals, type Reply } from './proposals.ts';
import { WORDS_FILE, type Words } from './words.ts';

/**
 * What the script of a shell asks for: its first line is `nothing`, `files` or `directories`, which the shell adds itself, and after it
 * `open` where more follows in the same word; then a proposal per line, with a tab and a description.
 * @param words of the command line after the name of the program, up to the cursor; the last may be empty
 */
export function complete(shell: string, words: readonly string[], cwd: string): string {
  const known = JSON.parse(readFileSync(join(packageRoot(), 'dist', 'program', WORDS_FILE), 'utf8')) as Words;
  const sources = {
    sweeps: listShippedSweeps,
    // as a path that a shell in this folder can use
    directories: () =>
      listSweepDirectories(join(cwd, 'results')).map((path) => (cwd === '.' ? path : path.slice(cwd.length + 1))),
  };
  if (shell !== 'bash') return text(proposals(words, known, sources));
  const { joined, typedBefore } = joinWordBreaks(words);
  const { found, ...rest } = proposals(joined, known, sources);
  // bash replaces only what stands after the last `=` or `:`, and shows no descriptions
  return text({ ...rest, found: found.map(({ word }) => ({ word: word.slice(typedBefore) })) });
}

function text({ shell, open, found }: Reply): string {
  const line = ({ word, describe }: Proposal) => (describe === undefined ? word : `${word}\t${describe}`);
  return [`${shell}${open ? ' open' : ''}`, ...found.map(line)].map((part) => `${part}\n`).join('');
}
