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

/** A title from a file may hold line breaks or escape sequences; neither belongs in a table or a terminal. */
export function clean(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}
