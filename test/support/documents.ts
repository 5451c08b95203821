import { readFileSync } from 'node:fs';

/** A command block of a document: its lines without comments, joined where one continues on the next. */
export type CommandBlock = { document: string; heading: string; line: number; commands: readonly string[] };

/** The blocks marked as `sh` of a Markdown file of this repository. @param document its path from the root */
export function commandBlocks(document: string): CommandBlock[] {
  const lines = readFileSync(new URL(`../../${document}`, import.meta.url), 'utf8').split('\n');
  const blocks: CommandBlock[] = [];
  let heading = '';
  let block: (CommandBlock & { text: string[] }) | undefined;
  for (const [i, line] of lines.entries()) {
    if (block === undefined) {
      heading = /^#+ (.*)/.exec(line)?.[1] ?? heading;
      if (line === '```sh') block = { document, heading, line: i + 1, commands: [], text: [] };
    } else if (line === '```') {
      const { text, ...rest } = block;
      blocks.push({ ...rest, commands: commandsOf(text) });
      block = undefined;
    } else block.text.push(line);
  }
  return blocks;
}

const commandsOf = (lines: readonly string[]): string[] =>
  lines
    .join('\n')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
