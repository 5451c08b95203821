import { oneLine } from '../../shared/mod.ts';

/** A table as text, before any format's escaping; what Markdown, LaTeX and the terminal have in common. */
export type Layout = {
  title: string;
  /** where the numbers beside ours come from; stands under the title */
  source: string | null;
  head: string[];
  align: ('left' | 'right')[];
  body: string[][];
  notes: string[];
};

/** Every text of it in one line that acts on no terminal, whoever wrote it. */
export const visibleLayout = ({ title, source, head, align, body, notes }: Layout): Layout => ({
  title: oneLine(title),
  source: source === null ? null : oneLine(source),
  head: head.map(oneLine),
  align,
  body: body.map((row) => row.map(oneLine)),
  notes: notes.map(oneLine),
});
