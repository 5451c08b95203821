import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Package = { name: string; path: string; version: string; hasInstallScript: boolean; license?: string };

type Entry = Omit<Package, 'name' | 'path' | 'hasInstallScript'> & {
  hasInstallScript?: boolean;
  dev?: boolean;
  devOptional?: boolean;
  peer?: boolean;
};

/** Its fonts are copied into the bundle. */
const COPIED = 'node_modules/dejavu-fonts-ttf';

/** What an installation of the package brings, for every platform; an optional peer is the user's own choice. */
export function productionPackages(root: string): Package[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Entry> };
  return Object.entries(lock.packages)
    .filter(([path, { dev, devOptional, peer }]) => path !== '' && ((!dev && !devOptional && !peer) || path === COPIED))
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
