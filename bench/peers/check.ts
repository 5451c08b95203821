import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dumpCommand } from '../../dist/orchestrator/commands/dump.js';
import type { Peer } from './process.ts';

/** Of losses of 100 steps in float32, at step sizes far from the largest stable one. */
const TOLERANCE = 1e-3;

/** Full batches of all activations, and batch size 1. */
const CASES = [
  { sweep: 'table-4.1', cells: [0, 1, 2, 3] },
  { sweep: 'table-4.2', cells: [1] },
];
const RUNGS = [0, 1, 2];

export type Check = { peer: string; trials: number; largestRelativeDifference: number };

/** Every peer trains dumped trials, in each of its ways, as one group. @throws when a loss is not ours */
export async function checkPeers(peers: readonly Peer[]): Promise<Check[]> {
  const folder = mkdtempSync(join(tmpdir(), 'edgesweep-bench-'));
  try {
    const groups = CASES.flatMap(({ sweep, cells }, i) =>
      cells.map((cell) =>
        RUNGS.map((rung) =>
          dumpCommand({
            sweep,
            cell,
            run: 0,
            rung,
            out: join(folder, `${i}-${cell}-${rung}`),
          }),
        ),
      ),
    );
    const checks: Check[] = [];
    for (const { ask, peers: names } of peers) {
      for (const peer of names) {
        let largest = 0;
        for (const folders of groups) {
          const request = { kind: 'check', peer, folders };
          const { largestRelativeDifference } = await ask<{ largestRelativeDifference: number }>(request);
          if (!(largestRelativeDifference <= TOLERANCE)) {
            throw new Error(
              `${peer} comes to other losses, by ${largestRelativeDifference} of their size: ${folders[0]}`,
            );
          }
          largest = Math.max(largest, largestRelativeDifference);
        }
        checks.push({ peer, trials: groups.length * RUNGS.length, largestRelativeDifference: largest });
      }
    }
    return checks;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
