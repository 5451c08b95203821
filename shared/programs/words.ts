import { EdgesweepError } from '../errors.ts';

/**
 * The words of a command as a shell would split them: at spaces, with '...', "..." and \ to keep characters together. There is no
 * shell: variables, patterns, pipes and redirections mean nothing.
 * @throws EdgesweepError USAGE for a quotation mark that is not closed, and for no words at all
 */
export function splitCommand(text: string, where: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (const [whole, single, double, escaped, space] of text.matchAll(
    /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|(\s+)|[^'"\\\s]+|[\s\S]/g,
  )) {
    if (space !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    if (whole === "'" || whole === '"' || whole === '\\') {
      throw new EdgesweepError('USAGE', 'the command cannot be split into words', {
        where,
        expected: 'each quotation mark closed',
        got: text,
        fix: 'close it, or write the command as a list of words',
      });
    }
    word = (word ?? '') + (single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? whole);
  }
  if (word !== undefined) words.push(word);
  if (words.length > 0 && words[0] !== '') return words;
  throw new EdgesweepError('USAGE', 'the command is empty', {
    where,
    expected: 'a program, and its arguments',
    got: text,
  });
}
