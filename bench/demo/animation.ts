import escapeHtml from 'escape-html';

/** What is on the screen from a time on. */
export type Frame = { seconds: number; lines: readonly string[] };

/** Pixels. */
const LETTER = 7.83;
const LINE = 18;
const MARGIN = 16;
/** Frames that follow each other faster than this, in seconds, are one. */
const FASTEST = 0.12;

/**
 * An animated SVG of a terminal, which begins again after its end. It runs without scripts, as an image on a web page.
 * @param last seconds that the last frame stays
 */
export function animation(title: string, frames: readonly Frame[], last: number): string {
  const kept = frames.filter(({ seconds }, i) => i === frames.length - 1 || frames[i + 1].seconds - seconds >= FASTEST);
  const end = kept[kept.length - 1].seconds + last;
  const rows = Math.max(...kept.map(({ lines }) => lines.length));
  const columns = Math.max(...kept.flatMap(({ lines }) => lines.map((line) => line.length)));
  const width = Math.ceil(2 * MARGIN + columns * LETTER);
  const height = 2 * MARGIN + rows * LINE;
  const groups = kept.map(({ seconds, lines }, i) => {
    const until = kept[i + 1]?.seconds ?? end;
    const [from, to] = [seconds / end, until / end].map((share) => share.toFixed(4));
    const times = i === 0 ? `0;${to}` : i === kept.length - 1 ? `0;${from}` : `0;${from};${to}`;
    const values = i === 0 ? 'visible;hidden' : i === kept.length - 1 ? 'hidden;visible' : 'hidden;visible;hidden';
    const text = lines.map(
      (line, row) => `<text x="${MARGIN}" y="${MARGIN + 13 + row * LINE}"${classOf(line)}>${escapeHtml(line)}</text>`,
    );
    return `<g visibility="${i === kept.length - 1 ? 'visible' : 'hidden'}"><animate attributeName="visibility" dur="${end.toFixed(1)}s" repeatCount="indefinite" calcMode="discrete" keyTimes="${times}" values="${values}"/>${text.join('')}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}">
<title>${escapeHtml(title)}</title>
<style>text { font: 13px "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #d8dee9; white-space: pre; } .prompt { fill: #8fbc8f; } .bar { fill: #88c0d0; } .killed { fill: #e07a6a; }</style>
<rect width="${width}" height="${height}" rx="8" fill="#1e222a"/>
${groups.join('\n')}
</svg>
`;
}

function classOf(line: string): string {
  if (line.startsWith('$ ')) return ' class="prompt"';
  if (line === 'Killed') return ' class="killed"';
  return / tasks\b/.test(line) && /[█▏░■]/.test(line) ? ' class="bar"' : '';
}
