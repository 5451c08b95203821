/** A command line that a POSIX shell splits into these words again. */
export function shellWords(words: readonly string[]): string {
  return words.map((word) => (/^[\w%+,./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}
