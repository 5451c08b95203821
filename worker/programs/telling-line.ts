/** Letters of a quoted line, at most. */
const LONGEST = 300;

/**
 * The line that says most of a stack trace or a log: the last one that names an error, as Python ends a trace and Node begins one; else
 * the last one.
 */
export function tellingLine(text: string): string {
  const lines = text.split('\n').flatMap((line) => line.trimEnd() || []);
  const named = lines.findLast((line) => /^(Uncaught )?[\w.]*(Error|Exception|Interrupt)\b/.test(line));
  return (named ?? lines.at(-1) ?? '').trim().slice(0, LONGEST);
}
