import { asLists, inColumns, ruleOf } from '../columns.ts';
import type { Layout } from './layout.ts';

/** How a table is written to a terminal. */
export type Style = {
  /** title and headings are bold, see `wantsColor` */
  color: boolean;
  /** of the terminal; a wider table is written as a list */
  columns?: number | undefined;
};

/** What suits the stream; a file has no width. */
export const styleFor = (stream: { isTTY?: boolean; columns?: number }, environment: NodeJS.ProcessEnv): Style => ({
  color: wantsColor(stream, environment),
  // a pseudo-terminal whose size nobody has set has 0
  columns: (stream.isTTY === true && stream.columns) || undefined,
});

export function renderTerminal({ title, source, head, align, body, notes }: Layout, { color, columns }: Style): string {
  const bold = (text: string) => (color ? `\u001b[1m${text}\u001b[22m` : text);
  const { lines, width } = inColumns([head, ...body], align);
  const rule = ruleOf(Math.min(width, columns ?? width));
  const [headings, ...rows] = lines;
  const isNarrow = columns !== undefined && width > columns;
  const table = isNarrow ? asLists(head, body, rule) : [rule, bold(headings), rule, ...rows, rule];
  const parts = [bold(title), ...(source === null ? [] : [source]), ...table, ...notes];
  return `${parts.join('\n')}\n`;
}

/** Colour only for a terminal, and not where NO_COLOR is set to anything (https://no-color.org). */
export function wantsColor(stream: { isTTY?: boolean }, environment: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && !environment.NO_COLOR;
}
