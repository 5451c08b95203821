/**
 * Checks the built site: every link within it leads to a file that exists, and to a heading that exists. VitePress itself checks pages,
 * but neither headings nor files.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../.build/site', import.meta.url));
const base = process.env.SITE_BASE ?? '/';
const pages = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.html'));

const anchors = new Map();
function anchorsOf(file) {
  if (!anchors.has(file)) {
    const ids = readFileSync(file, 'utf8').matchAll(/\sid="([^"]+)"/g);
    anchors.set(file, new Set([...ids].map(([, id]) => id)));
  }
  return anchors.get(file);
}

/** The file that a path of the site means, as servers of static files have it. */
const fileOf = (path) =>
  [path, `${path}.html`, join(path, 'index.html')].find((file) => existsSync(file) && statSync(file).isFile());

const broken = [];
let checked = 0;
for (const page of pages) {
  const text = readFileSync(join(root, page), 'utf8');
  for (const [, attribute, address] of text.matchAll(/\s(href|src)="([^"]*)"/g)) {
    if (/^([a-z]+:|\/\/|#$)/i.test(address) || address === '') continue;
    checked += 1;
    const [path, anchor] = address.split('#');
    const from =
      path === ''
        ? join(root, page)
        : path.startsWith(base)
          ? join(root, path.slice(base.length))
          : resolve(root, dirname(page), path);
    const file = fileOf(decodeURIComponent(from));
    if (file === undefined) broken.push(`${page}: ${attribute} ${address}: no such file`);
    else if (
      anchor &&
      attribute === 'href' &&
      file.endsWith('.html') &&
      !anchorsOf(file).has(decodeURIComponent(anchor))
    )
      broken.push(`${page}: ${address}: no such heading`);
  }
}
for (const line of new Set(broken)) console.error(line);
console.log(`${pages.length} pages, ${checked} links within the site, ${new Set(broken).size} broken`);
process.exitCode = broken.length === 0 ? 0 : 1;
