import { createHash } from 'node:crypto';
import { type Headers, pack } from 'tar-stream';
import { type FileServerOptions, startHttp } from './http.ts';

export type Entry = Headers & { content?: Uint8Array };

/** A tar archive with these entries. */
export async function tarOf(entries: readonly Entry[]): Promise<Buffer> {
  const tar = pack();
  for (const { content, ...header } of entries) tar.entry(header, Buffer.from(content ?? []));
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/**
 * An npm registry on loopback with one package.
 * @param served what it sends as the archive, if not the one that its checksum is of
 * @returns the environment in which npm uses it, and tries once
 */
export async function startRegistry(
  { name, version, archive, served = archive }: { name: string; version: string; archive: Buffer; served?: Buffer },
  answer?: FileServerOptions['answer'],
): Promise<Record<string, string>> {
  const files = new Map<string, Uint8Array>([['archive.tgz', served]]);
  const { url } = await startHttp(files, { plain: true, ...(answer !== undefined && { answer }) });
  const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
  const manifest = { name, version, dist: { tarball: `${url}archive.tgz`, integrity } };
  const document = { name, 'dist-tags': { latest: version }, versions: { [version]: manifest } };
  files.set(name, Buffer.from(JSON.stringify(document)));
  return { npm_config_registry: url, npm_config_fetch_retries: '0', npm_config_userconfig: '/dev/null' };
}
