import type { Layout } from './layout.ts';

/** A figure with the table, for a Typst document. Texts are strings there, in which nothing is markup. */
export function renderTypst({ title, source, head, align, body, notes }: Layout): string {
  const caption = source === null ? title : `${title} (${source})`;
  const lines = [
    '#figure(',
    `  caption: ${typstString(caption)},`,
    '  table(',
    `    columns: ${head.length},`,
    // of one value it is no array without the comma
    `    align: (${align.map((side) => `${side},`).join(' ')}),`,
    '    stroke: none,',
    '    table.hline(),',
    `    table.header(${typstRow(head)}),`,
    '    table.hline(stroke: 0.5pt),',
    ...body.map((row) => `    ${typstRow(row)},`),
    '    table.hline(),',
    '  ),',
    ')',
    ...notes.map((note) => `#text(size: 0.8em, ${typstString(note)})\n`),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

const typstRow = (fields: readonly string[]): string => fields.map(typstString).join(', ');

/** The text as Typst prints it literally; bounds and the sign of a number get their own characters. */
function typstString(text: string): string {
  const typeset = text
    .replaceAll('<=', '≤')
    .replaceAll('>=', '≥')
    .replace(/(?<!\w)-(?=\d)/g, '−');
  return `"${typeset.replace(/[\\"]/g, '\\$&')}"`;
}
