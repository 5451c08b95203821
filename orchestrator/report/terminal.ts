import { inColumns } from '../columns.ts';
import type { Layout } from './layout.ts';

/** @param color write the title and the headings bold, see `wantsColor` */
export function renderTerminal({ title, source, head, align, body, notes }: Layout, color: boolean): string {
  const bold = (text: string) => (color ? `\u001b[1m${text}\u001b[22m` : text);
  const { lines, width } = inColumns([head, ...body], align);
  const rule = '─'.repeat(width);
  const [headings, ...rows] = lines;
  const parts = [
    bold(title),
    ...(source === null ? [] : [source]),
    rule,
    bold(headings),
    rule,
    ...rows,
    rule,
    ...notes,
  ];
  return `${parts.join('\n')}\n`;
}

/** Colour only for a terminal, and not where NO_COLOR is set to anything (https://no-color.org). */
export function wantsColor(stream: { isTTY?: boolean }, environment: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && !environment.NO_COLOR;
}
