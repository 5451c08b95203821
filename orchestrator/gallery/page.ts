import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import escapeHtml from 'escape-html';
import { softwareVersion, visible } from '../../shared/mod.ts';
import { type GalleryData, pageFile } from '../ui/mod.ts';
import type { Exhibit } from './exhibit.ts';

/**
 * One self-contained page: the page of `edgesweep ui` with its answers in the file. Nothing is loaded from elsewhere, and its policy lets no script
 * run but its own.
 */
export function galleryPage(exhibits: readonly Exhibit[], heading: string): string {
  const data: GalleryData = {
    overview: {
      title: visible(heading),
      version: softwareVersion(),
      readOnly: true,
      folders: ['this file'],
      troubles: [],
      sweeps: exhibits.map(({ details }) => details.standing),
      cluster: null,
      audit: [],
    },
    sweeps: Object.fromEntries(exhibits.map((exhibit) => [exhibit.details.standing.id, exhibit])),
  };
  // within a string of a script this is the same, and ends no element
  const script = readFileSync(pageFile('gallery.js'), 'utf8').replaceAll('</', '<\\/');
  const style = readFileSync(pageFile('main.css'), 'utf8');
  const policy = [
    "default-src 'none'",
    `script-src '${digestOf(script)}'`,
    `style-src '${digestOf(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(visible(heading))}</title>
<style>${style}</style>
</head>
<body>
<div id="page"></div>
<noscript><h1>${escapeHtml(visible(heading))}</h1><p>This page needs JavaScript.</p></noscript>
<script type="application/json" id="data">${jsonText(data)}</script>
<!-- ${readFileSync(pageFile('licences.txt'), 'utf8')} -->
<script>${script}</script>
</body>
</html>
`;
}

/** JSON that neither ends its element nor acts on a terminal. */
const jsonText = (value: unknown): string => visible(JSON.stringify(value)).replaceAll('<', '\\u003c');

const digestOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;
