import escapeHtml from 'escape-html';
import { visible } from '../../shared/mod.ts';
import type { Exhibit, Work } from './exhibit.ts';

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; color: #222; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin: 3.5rem 0 0; border-top: 1px solid #ccc; padding-top: 1.5rem; }
.source, caption, .notes { color: #555; font-size: 0.9em; }
img { max-width: 100%; height: auto; margin: 1rem 0; }
/* a wide table uses the window to its right edge, then scrolls */
.scroll { overflow-x: auto; width: max-content; max-width: calc(100vw - 2rem - max(0px, (100vw - 62rem) / 2)); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.25rem 0.8rem; border-bottom: 1px solid #e4e4e4; text-align: left; white-space: nowrap; }
.right { text-align: right; }
pre { background: #f6f6f6; padding: 0.8rem; overflow-x: auto; font-size: 0.85em; }
summary { cursor: pointer; margin-top: 0.8rem; }
@media print {
  body { max-width: none; }
  .scroll { overflow: visible; width: auto; max-width: none; }
  table { font-size: 0.7em; }
  th, td { white-space: normal; padding: 0.15rem 0.4rem; }
}
`;

/** One self-contained page: nothing is loaded from elsewhere, and no script runs. */
export function galleryPage(exhibits: readonly Exhibit[], heading: string): string {
  const contents = exhibits.map(
    ({ name, table }, i) => `<li><a href="#sweep-${i}">${text(table.title)}</a> (${text(name)})</li>`,
  );
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${text(heading)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${text(heading)}</h1>
<ol>
${contents.join('\n')}
</ol>
${exhibits.map(section).join('\n')}
</body>
</html>
`;
}

function section({ directory, name, table, figure, sweep, manifest, work }: Exhibit, index: number): string {
  const { numerics, version, gitRevision, node, v8, arch, platform, command, started } = manifest;
  const facts = {
    directory,
    arithmetic: numerics,
    'last run by': `edgesweep ${version}${gitRevision === null ? '' : `, revision ${gitRevision}`}`,
    on: `Node ${node}, V8 ${v8}, ${platform} ${arch}`,
    at: started,
    'with the command': `edgesweep ${command.join(' ')}`,
    ...computedBy(work),
  };
  // as an image, so that the ids of several figures do not meet on one page
  const image = `data:image/svg+xml;base64,${Buffer.from(figure).toString('base64')}`;
  return `<section id="sweep-${index}">
<h2>${text(table.title)}</h2>
${table.source === null ? '' : `<p class="source">${text(table.source)}</p>`}
<img src="${image}" alt="figure: ${text(table.title)}">
${tableHtml(table)}
<details><summary>Parameters (${text(name)})</summary><pre>${text(sweep)}</pre></details>
<details><summary>Provenance</summary><div class="scroll"><table>
${Object.entries(facts)
  .map(([key, value]) => `<tr><th>${text(key)}</th><td>${text(value)}</td></tr>`)
  .join('\n')}
</table></div></details>
</section>`;
}

function computedBy({ outcomes, seconds, by }: Work): Record<string, string> {
  const counted = by.map(({ what, counts }) => [
    `by ${what}`,
    counts.map(([name, count]) => `${name}: ${count}`).join(', '),
  ]);
  return { outcomes: `${outcomes}, ${seconds.toPrecision(3)} seconds in the threads`, ...Object.fromEntries(counted) };
}

function tableHtml({ head, align, body, notes }: Exhibit['table']): string {
  const row = (cells: readonly string[], tag: 'th' | 'td') =>
    `<tr>${cells.map((cell, i) => `<${tag}${align[i] === 'right' ? ' class="right"' : ''}>${text(cell)}</${tag}>`).join('')}</tr>`;
  return `<div class="scroll"><table>
<thead>${row(head, 'th')}</thead>
<tbody>
${body.map((cells) => row(cells, 'td')).join('\n')}
</tbody>
</table></div>
${notes.map((note) => `<p class="notes">${text(note)}</p>`).join('\n')}`;
}

const text = (value: string): string => escapeHtml(visible(value));
