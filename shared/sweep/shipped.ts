import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package.ts';

/** Names of the sweeps that come with the package, such as `table-4.1` or `extra/losses`, sorted. */
export function listShippedSweeps(): string[] {
  return readdirSync(shippedDirectory(), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
}

export function shippedPath(name: string): string {
  return join(shippedDirectory(), `${name}.yaml`);
}

function shippedDirectory(): string {
  return join(packageRoot(), 'sweeps');
}
