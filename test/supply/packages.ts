import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Package = { name: string; path: string; version: string; hasInstallScript: boolean; license?: string };

type Entry = Omit<Package, 'name' | 'path' | 'hasInstallScript'> & {
  hasInstallScript?: boolean;
  dev?: boolean;
  devOptional?: boolean;
  peer?: boolean;
};

/**
 * What an installation of the package brings, for every platform: dependencies, and packages of which the build copied code or files. An
 * optional peer is the user's own choice.
 */
export function productionPackages(root: string): Package[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Entry> };
  const copied = new Set(JSON.parse(readFileSync(join(root, 'dist/copied.json'), 'utf8')) as string[]);
  return Object.entries(lock.packages)
    .filter(
      ([path, { dev, devOptional, peer }]) => path !== '' && ((!dev && !devOptional && !peer) || copied.has(path)),
    )
    .map(([path, { version, license, hasInstallScript = false }]) => {
      const name = path.split('node_modules/').at(-1)!;
      return { name, path, version, hasInstallScript, ...(license !== undefined && { license }) };
    });
}

/** The licence that the lock file or the installed package names. */
export function licenceOf(root: string, { path, license }: Package): string {
  if (license !== undefined) return license;
  const file = join(root, path, 'package.json');
  if (!existsSync(file)) return 'not named';
  const facts = JSON.parse(readFileSync(file, 'utf8')) as { license?: unknown; licenses?: { type?: string }[] };
  if (typeof facts.license === 'string') return facts.license;
  return facts.licenses?.map(({ type }) => type).join(' or ') ?? 'not named';
}
