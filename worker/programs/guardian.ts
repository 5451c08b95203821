import { type ChildProcess, spawn } from 'node:child_process';
import { COOKIE } from './environment.ts';

/**
 * Ends all processes with the cookie $1 once its standard input ends: TERM at first, KILL after $2 seconds. Whatever ends edgesweep,
 * SIGKILL included, closes that pipe. A process escapes it only by clearing its environment.
 */
const SCRIPT = `trap '' INT TERM HUP QUIT
while read -r line; do :; done
for name in TERM $(yes NONE | head -n "$2") KILL KILL; do
  found=0
  for file in $(grep -las -e "${COOKIE}=$1[.]" /proc/[0-9]*/environ); do
    found=1
    pid=\${file#/proc/}
    [ "$name" = NONE ] || kill -"$name" "\${pid%/environ}" 2>/dev/null
  done
  [ "$found" = 0 ] && exit 0
  sleep 1
done`;

/** A process that outlives this one just long enough to end its programs. Undefined where there is no shell or no /proc. */
export function startGuardian(cookie: string, grace: number): ChildProcess | undefined {
  if (process.platform !== 'linux') return undefined;
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'edgesweep-guardian', cookie, String(Math.ceil(grace / 1000))], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
  });
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  // it must not keep this process alive
  child.unref();
  (child.stdin as unknown as { unref?: () => void }).unref?.();
  return child;
}
