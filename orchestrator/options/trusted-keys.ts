import { readFileSync } from 'node:fs';
import { EdgesweepError, messageOf, publicKeySchema } from '../../shared/mod.ts';

/**
 * The public keys in a file: one a line, what follows it on the line is a comment; so is a line that begins with #.
 * @throws EdgesweepError USAGE
 */
export function readTrustedKeys(file: string): ReadonlySet<string> {
  const refused = (where: string, got: string, cause?: unknown) =>
    new EdgesweepError('USAGE', 'the file of trusted keys cannot be used', {
      where,
      expected: 'a public key per line, as `edgesweep key` prints it on each node',
      got,
      fix: 'collect the lines that `edgesweep key` prints on your nodes',
      cause,
    });
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw refused(file, messageOf(cause), cause);
  }
  const keys = new Set<string>();
  for (const [index, line] of text.split('\n').entries()) {
    const [word] = line.trim().split(/\s+/);
    if (word === '' || word.startsWith('#')) continue;
    if (!publicKeySchema().safeParse(word).success) throw refused(`${file}:${index + 1}`, word);
    keys.add(word);
  }
  if (keys.size === 0) throw refused(file, 'no key');
  return keys;
}
