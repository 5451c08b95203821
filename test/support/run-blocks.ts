import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '../../shared/exit-codes.ts';
import {
  commandBlocks,
  elsewhere,
  fileBlocks,
  NEEDS_SERVER,
  NEEDS_TENSORFLOW,
  SERVES,
  sweepBlocks,
} from './documents.ts';
import { startNats } from './nats.ts';
import { freePort } from './nats-server.ts';
import type { Running } from './processes.ts';
import { startProcess } from './program.ts';
import { waitFor } from './wait-for.ts';

/** Sweeps that take minutes as they stand, and with what seconds are enough to show that the command works. */
const LONG: readonly (readonly [pattern: RegExp, coarse: string])[] = [
  [/\bedgesweep run (figure-\S+|my-sweep\.yaml(?! --runs)|(table|survival)-4\.\d(?! --runs))/, '--runs 1'],
  [/\bedgesweep run frontier\/\S+/, '--set trajectory.iterations=200'],
];

export type Ran = { document: string; line: number; command: string; code: number | null; stderr: string };

/**
 * Runs the command blocks of a document one after the other in an empty folder, as a reader would: a sweep file that the document shows is
 * there, and what serves until a signal runs beside the rest, as in another terminal. Only the port of the server is another.
 * @param bin folder with the program
 * @param hasTensorflow whether TensorFlow.js is installed beside it
 * @returns every command that failed
 */
export async function runBlocks(document: string, cwd: string, bin: string, hasTensorflow: boolean): Promise<Ran[]> {
  for (const { name, text } of sweepBlocks(document)) writeFileSync(join(cwd, `${name}.yaml`), text);
  for (const { name, text } of fileBlocks(document)) writeFileSync(join(cwd, name), text);
  const blocks = commandBlocks(document);
  const all = blocks.flatMap(({ commands }) => commands);
  // documents that show how to start one start their own
  const isGiven = all.some((command) => NEEDS_SERVER.test(command)) && !all.includes('edgesweep server');
  const port = isGiven ? (await startNats()).port : await freePort();
  const env = { PATH: `${bin}:${process.env.PATH}`, EDGESWEEP_THREADS: undefined };
  const bash = (command: string) => {
    const words = LONG.reduce((line, [pattern, coarse]) => line.replace(pattern, `$& ${coarse}`), command)
      .replaceAll('127.0.0.1:4222', `127.0.0.1:${port}`)
      .replace(/\bedgesweep server$/, `$& --port ${port}`);
    return startProcess('bash', ['-e', '-o', 'pipefail', '-c', words], { cwd, env });
  };
  const serving: Running[] = [];
  const failed: Ran[] = [];
  for (const { line, commands } of blocks) {
    for (const command of commands) {
      if (elsewhere(command) !== undefined) continue;
      if (!hasTensorflow && NEEDS_TENSORFLOW.test(command)) {
        console.log(
          `${document}:${line}: skipped, since TensorFlow.js is not installed beside the package: ${command}`,
        );
        continue;
      }
      const started = bash(SERVES.test(command) ? `exec ${command}` : command);
      if (SERVES.test(command)) {
        serving.push(started);
        // the server says its address, a node that it is ready, the page where it is
        await waitFor(`${command} serves`, () => /:\d+|ready:/.test(started.stdout + started.stderr) || !started.alive);
        if (started.alive) continue;
      }
      const { code, stderr } = await started.ended;
      const isDone = code === EXIT.done || (code === EXIT.limit && command.includes('--max-'));
      if (!isDone) failed.push({ document, line, command, code, stderr });
    }
  }
  for (const started of serving.reverse()) {
    started.interrupt();
    await started.ended;
  }
  return failed;
}
