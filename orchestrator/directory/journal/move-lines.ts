import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { syncDirectory } from '../atomic-write.ts';
import { orDiskError } from '../disk-error.ts';
import { asidePath } from '../layout.ts';
import { readableLines } from './read.ts';
import { rewriteJournal } from './rewrite.ts';

/** Moves lines out of a journal that nobody writes: they are on the disk in their new place before they leave the old one. */
export async function moveLines(directory: string, path: string, reasons: ReadonlyMap<number, string>): Promise<void> {
  const aside = asidePath(directory);
  await orDiskError('cannot move lines aside', aside, async () => {
    const { O_WRONLY, O_CREAT, O_APPEND, O_NOFOLLOW } = constants;
    const file = await open(aside, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW);
    try {
      for await (const lines of readableLines(path)) {
        const moved = lines.filter(({ number }) => reasons.has(number));
        const texts = moved.map(({ number, bytes }) =>
          JSON.stringify({ line: number, why: reasons.get(number), bytes: bytes.toString('base64') }),
        );
        if (texts.length > 0) await file.appendFile(`${texts.join('\n')}\n`);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await syncDirectory(directory);
  });
  await rewriteJournal(path, ({ number, bytes }) => (reasons.has(number) ? undefined : bytes.toString('utf8')));
}
