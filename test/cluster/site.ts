import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DEPLOY = fileURLToPath(new URL('../../deploy', import.meta.url));

/** deploy/permissions.conf with what deploy/README.md adds for a second site. */
export function permissionsWithSite(): string {
  const readme = readFileSync(join(DEPLOY, 'README.md'), 'utf8');
  const blockWith = (text: string): string => {
    const block = [...readme.matchAll(/```\n([^`]*)```/g)]
      .map(([, inside]) => inside)
      .find((inside) => inside.startsWith(text));
    if (block === undefined) throw new Error(`deploy/README.md has no block that begins with ${text}`);
    return block;
  };
  const account = blockWith('SITE {');
  const heartbeats = blockWith('{ stream: { account: SITE');
  return readFileSync(join(DEPLOY, 'permissions.conf'), 'utf8')
    .replace('  WORKERS {', () => `${account}\n  WORKERS {`)
    .replace('{ stream: { account: WORKERS,', () => `${heartbeats}{ stream: { account: WORKERS,`);
}
