import { writeFileAtomically } from '../atomic-write.ts';
import { type Line, readLines } from './lines.ts';
import { sealText } from './sealed.ts';

/**
 * Puts other lines in the place of those of a journal, all at once: a kill leaves the old journal or the new one.
 * @param lineOf the new line, without its newline; undefined leaves it out
 * @throws DISK
 */
export async function rewriteJournal(path: string, lineOf: (line: Line) => string | undefined): Promise<void> {
  async function* texts(): AsyncGenerator<string> {
    for await (const lines of readLines(path)) {
      const kept = lines.map(lineOf).filter((line) => line !== undefined);
      if (kept.length > 0) yield `${kept.join('\n')}\n`;
    }
  }
  await writeFileAtomically(path, texts());
}

/** Gives every line of a journal of an earlier version its digest. @throws DISK */
export const sealJournal = (path: string): Promise<void> =>
  rewriteJournal(path, ({ bytes }) => sealText(bytes.toString('utf8')));
