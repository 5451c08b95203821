import type { Layout } from './layout.ts';

const SPECIAL: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '$\\sim$',
  '<': '$<$',
  '>': '$>$',
  '|': '$|$',
  // at the start of a row these would be read as options of the row break before
  '[': '{[}',
  '*': '{*}',
  '<=': '$\\leq$',
  '>=': '$\\geq$',
  '±': '$\\pm$',
  '–': '--',
  '†': '$\\dagger$',
};

/** A table environment for a document that uses the package booktabs. */
export function renderLatex({ title, source, head, align, body, notes }: Layout): string {
  const columns = align.map((side) => side[0]).join('');
  const caption = source === null ? title : `${title} (${source})`;
  const lines = [
    '% \\usepackage{booktabs}',
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${escapeLatex(caption)}}`,
    `  \\begin{tabular}{${columns}}`,
    '    \\toprule',
    `    ${latexRow(head)}`,
    '    \\midrule',
    ...body.map((row) => `    ${latexRow(row)}`),
    '    \\bottomrule',
    '  \\end{tabular}',
    ...notes.map((note) => `  \\par\\smallskip\\footnotesize ${escapeLatex(note)}`),
    '\\end{table}',
  ];
  return `${lines.join('\n')}\n`;
}

function latexRow(fields: readonly string[]): string {
  return `${fields.map(escapeLatex).join(' & ')} \\\\`;
}

/** The text as LaTeX prints it literally; the sign of a number becomes a minus, not a hyphen. */
function escapeLatex(text: string): string {
  return text
    .replace(/<=|>=|[\\{}$&#%_^~<>|[*±–†]/g, (match) => SPECIAL[match])
    .replace(/(?<![\w$])[-+](?=\d)/g, (sign) => `$${sign}$`);
}
