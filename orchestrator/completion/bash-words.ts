/**
 * Bash splits words at `=` and `:`. Joins them again.
 * @returns how many characters of the last word stand before the part that bash completes, besides
 */
export function joinWordBreaks(words: readonly string[]): { joined: string[]; typedBefore: number } {
  const joined: string[] = [];
  let glue = false;
  for (const word of words) {
    const breaks = /^[=:]+$/.test(word);
    const last = joined.length - 1;
    if ((breaks || glue) && last >= 0) joined[last] += word;
    else joined.push(word);
    glue = breaks;
  }
  const part = words.at(-1) ?? '';
  const whole = joined.at(-1) ?? '';
  return { joined, typedBefore: whole.length - (/^[=:]+$/.test(part) ? 0 : part.length) };
}
