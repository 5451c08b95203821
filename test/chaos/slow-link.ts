import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { killHard, spawnProcess } from '../support/processes.ts';
import type { Link } from './network.ts';

const PROGRAM = fileURLToPath(new URL('slow-link.py', import.meta.url));

/** Why links cannot be made slow here; undefined when they can. `tc netem` is not in every kernel, TUN is. */
export function whyNoSlowLinks(): string | undefined {
  try {
    accessSync('/dev/net/tun', constants.R_OK | constants.W_OK);
  } catch {
    return 'slow links need /dev/net/tun';
  }
  return spawnSync('python3', ['--version']).status === 0 ? undefined : 'slow links need python3';
}

let links = 0;

/**
 * Every packet from a namespace and to it takes longer from now on, or is lost.
 * @param delay milliseconds in each direction @param loss share of the packets
 * @returns ends that
 */
export async function slowDown(link: Link, delay: number, loss: number): Promise<() => Promise<void>> {
  const name = `es${process.pid.toString(36)}s${links++}`;
  const [near, far] = [`${name}a`, `${name}b`];
  const relay = spawnProcess('python3', [PROGRAM, near, far, String(delay), String(loss)], { cwd: '/' });
  while (!relay.stdout.includes('ready')) {
    if (!relay.alive) throw new Error(`a slow link ended: ${relay.stderr}`);
    await sleep(5);
  }
  link.detour(near, far);
  return async () => {
    link.straighten();
    await killHard(relay);
  };
}
