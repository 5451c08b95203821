import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import type { CommandModule } from 'yargs';
import { EdgesweepError, ENGINES, type EngineName, NUMERICS, type Outcome } from '../../shared/mod.ts';
import { createPool } from '../../worker/mod.ts';
import { readOutcomes, resultText } from '../directory/mod.ts';

type VerifyOptions = { directory: string; sample: number; engine: EngineName };

export const verifyModule = (exit: (code: number) => void): CommandModule<object, VerifyOptions> => ({
  command: 'verify <directory>',
  describe: 'compute recorded tasks again and compare the bytes',
  builder: (yargs) =>
    yargs
      .positional('directory', { type: 'string', demandOption: true, describe: 'a sweep directory' })
      .option('sample', { type: 'string', default: '100%', coerce: parseSample, describe: 'share of the tasks' })
      .option('engine', { choices: ENGINES, default: 'simd' as const, describe: 'what computes them again' }),
  async handler(options) {
    const { checked, differing } = await verify(options);
    process.stdout.write(`${checked} outcomes computed again, ${differing.length} differ\n`);
    for (const id of differing) process.stdout.write(`differs: ${id}\n`);
    exit(differing.length > 0 ? 1 : 0);
  },
});

async function verify({ directory, sample, engine }: VerifyOptions): Promise<{ checked: number; differing: string[] }> {
  const threads = availableParallelism();
  const pool = createPool({ threads, engine });
  const limit = pLimit(threads);
  const differing: string[] = [];
  let checked = 0;
  const check = async ({ task, result }: Outcome) => {
    const again = await pool.run(task, 1);
    checked += 1;
    if (resultText(again.result) !== resultText(result)) differing.push(task.id);
  };
  try {
    const underWay = new Set<Promise<void>>();
    for await (const outcome of readOutcomes(directory)) {
      // tasks of another arithmetic are expected to differ
      if (outcome.task.numerics !== NUMERICS || !inSample(outcome.task.id, sample)) continue;
      const run = limit(check, outcome).finally(() => underWay.delete(run));
      underWay.add(run);
      if (underWay.size > 2 * threads) await Promise.race(underWay);
    }
    await Promise.all(underWay);
  } finally {
    await pool.close();
  }
  return { checked, differing };
}

/** Ids are hashes, so their first bits are a uniform draw, and the same every time. */
function inSample(id: string, share: number): boolean {
  return Number.parseInt(id.slice(0, 8), 16) < share * 2 ** 32;
}

function parseSample(text: string): number {
  const share = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (share !== undefined && Number(share) > 0 && Number(share) <= 100) return Number(share) / 100;
  throw new EdgesweepError('USAGE', 'the sample cannot be read', {
    where: '--sample',
    expected: 'a share above 0 % and up to 100 %, for instance 5%',
    got: text,
  });
}
