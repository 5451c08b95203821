import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markdownTable } from 'markdown-table';
import { type InstalledSize, installedSize } from '../../test/support/installed-size.ts';
import { installPacked, packInto } from '../../test/support/npm.ts';

/** Megabytes that the package may take with its dependencies, without optional parts: a little more than it does. The aim was 60. */
export const LARGEST_INSTALLED = 30;

/** The package as npm installs it: without TensorFlow.js and the nats-server, which are optional. */
export type PackageSize = { packed: number; unpacked: number; files: number; installed: InstalledSize };

/** Packs the built tree, and installs the result in an empty folder. @returns sizes in megabytes */
export async function measureSize(): Promise<PackageSize> {
  const root = mkdtempSync(join(tmpdir(), 'edgesweep-size-'));
  try {
    const { filename, paths, size, unpackedSize } = await packInto(root);
    await installPacked(filename, root);
    return { packed: size / 1e6, unpacked: unpackedSize / 1e6, files: paths.length, installed: installedSize(root) };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const BEGIN = '<!-- size -->';
const END = '<!-- /size -->';

/** @param made where the sizes are from: command, revision, platform */
export function sizeSection({ packed, unpacked, files, installed }: PackageSize, made: string): string {
  const { megabytes, folders, largest } = installed;
  const rows = largest.map(({ name, megabytes: size }) => [`\`${name}\``, size.toFixed(1)]);
  return `${BEGIN}
## Size of the package

Without optional parts, in megabytes of 10^6 bytes; ${made}. Packed ${packed.toFixed(1)} (${files} files, ${unpacked.toFixed(1)} unpacked). Installed with
its dependencies **${megabytes.toFixed(1)}**, in ${folders} folders; limit: ${LARGEST_INSTALLED}${megabytes < LARGEST_INSTALLED ? '' : ', exceeded'}. The largest of them:

${markdownTable([['package', 'MB'], ...rows], { align: ['l', 'r'] })}
${END}
`;
}

/** The document with this section in place of the former one, or at its end. */
export function withSizeSection(document: string, section: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) return `${document.trimEnd()}\n\n${section}`;
  return `${document.slice(0, begin)}${section}${document.slice(end + END.length).trimStart()}`;
}
