import {
  counted,
  ENGINE_CHOICES,
  type EngineChoice,
  EXIT,
  expectedCost,
  isSignatureOf,
  NUMERICS,
  type Outcome,
  otherArithmetic,
} from '../../shared/mod.ts';
import { dataDirectoryOf } from '../../shared/sweep/mod.ts';
import { createPool } from '../../worker/mod.ts';
import { readOutcomes, readSweep, resultText } from '../directory/mod.ts';
import {
  dataFolders,
  dataOption,
  jsonOption,
  shareOf,
  threadCount,
  threadsFor,
  threadsOption,
  trustedKeysOption,
} from '../options/common.ts';
import { readTrustedKeys } from '../options/trusted-keys.ts';
import type { Command, Context } from './command.ts';
import { overPool } from './over-pool.ts';

type VerifyOptions = {
  directory: string;
  sample: string;
  engine: EngineChoice;
  threads: number | undefined;
  dataDir: string | undefined;
  trustedKeys: string | undefined;
  quiet: boolean;
  json: boolean;
};

/** By ids of tasks. */
type Signatures = { signed: number; badSignatures: string[]; untrusted: string[] };

type Verification = {
  checked: number;
  wanted: number;
  differing: string[];
  otherNumerics: number;
  earlier: number;
} & Signatures;

export const command: Command<VerifyOptions> = {
  examples: [
    ['verify results/table-4.1', 'recompute every task'],
    ['verify results/table-4.1 --sample 5%', 'recompute a sample'],
    ['verify results/table-4.1 --trusted-keys nodes.keys', 'also report outcomes that no trusted node signed'],
  ],
  options: (yargs) =>
    yargs
      .positional('directory', { type: 'string', demandOption: true, describe: 'a sweep directory' })
      .option('sample', { type: 'string', requiresArg: true, default: '100%', describe: 'share of the tasks to check' })
      .option('engine', { choices: ENGINE_CHOICES, default: 'auto' as const, describe: 'engine for the recomputation' })
      .option('threads', threadsOption)
      .option('data-dir', dataOption)
      .option('trusted-keys', trustedKeysOption)
      .option('quiet', {
        type: 'boolean',
        default: false,
        describe: 'hide progress',
      })
      .option('json', jsonOption()),
  paths: ['directory', 'dataDir', 'trustedKeys'],
  async act(options, context) {
    const { stdout, stderr } = context;
    const verification = await verify(options, context);
    const { checked, wanted, differing, otherNumerics, earlier, signed, badSignatures, untrusted } = verification;
    const lines = [
      `${counted(checked, 'outcome')} recomputed, ${differing.length} differ`,
      ...differing.map((id) => `differs: ${id}`),
      ...(signed > 0 ? [`${counted(signed, 'outcome')} signed, ${badSignatures.length} with a wrong signature`] : []),
      ...badSignatures.map((id) => `wrong signature: ${id}`),
      ...untrusted.map((id) => `not signed by a trusted key: ${id}`),
    ];
    stdout.write(options.json ? `${JSON.stringify(verification)}\n` : lines.map((line) => `${line}\n`).join(''));
    if (otherNumerics > 0) {
      stderr.write(`skipped: ${otherNumerics} outcomes with an arithmetic other than ${NUMERICS}\n`);
    }
    if (earlier > 0) {
      stderr.write(
        `skipped: ${counted(earlier, 'outcome')} with an earlier arithmetic of trajectories; rerun the sweep to compute them with this version\n`,
      );
    }
    if (checked < wanted) stderr.write(`interrupted: ${wanted - checked} outcomes were not recomputed\n`);
    return differing.length + badSignatures.length + untrusted.length > 0
      ? EXIT.failed
      : checked < wanted
        ? EXIT.interrupted
        : EXIT.done;
  },
};

async function verify(options: VerifyOptions, context: Context): Promise<Verification> {
  const { directory, sample, engine, threads, dataDir, quiet } = options;
  const share = shareOf(sample, '--sample');
  const most = threadCount(threads, context);
  const trusted = options.trustedKeys === undefined ? undefined : readTrustedKeys(options.trustedKeys);
  const { wanted, cost, otherNumerics, earlier, ...signatures } = await survey(directory, share, trusted);
  const differing: string[] = [];
  let checked = 0;
  const sweep = await readSweep(directory);
  const data = dataFolders(dataDir, context, dataDirectoryOf(sweep));
  const note = (text: string) => context.stderr.write(`${text}\n`);
  const pool = createPool({ threads: threadsFor(wanted, most, note), engine, data });
  const size = { total: wanted, cost, quiet };
  await overPool(pool, wantedOutcomes(directory, share), size, context, async (recorded) => {
    const { task } = recorded;
    const { outcome: again } = await pool.run(task, 1);
    checked += 1;
    if (resultText(again) !== resultText(recorded)) differing.push(task.id);
  });
  return { checked, wanted, differing: differing.sort(), otherNumerics, earlier, ...signatures };
}

/**
 * What there is to do: how many outcomes, and their expected cost. On the way every signature is checked.
 * @param trusted the keys that an outcome has to be signed by; undefined: it may be unsigned
 */
async function survey(directory: string, share: number, trusted: ReadonlySet<string> | undefined) {
  const signatures: Signatures = { signed: 0, badSignatures: [], untrusted: [] };
  const found = { wanted: 0, cost: 0, otherNumerics: 0, earlier: 0, ...signatures };
  for await (const outcome of readOutcomes(directory)) {
    const { task, provenance } = outcome;
    const { signed } = provenance;
    if (signed !== undefined) found.signed += 1;
    if (signed !== undefined && !isSignatureOf(outcome, signed)) found.badSignatures.push(task.id);
    else if (trusted !== undefined && (signed === undefined || !trusted.has(signed.key))) found.untrusted.push(task.id);
    if (task.numerics !== NUMERICS) found.otherNumerics += 1;
    else if (otherArithmetic(task.cell) !== undefined) found.earlier += 1;
    if (!isWanted(outcome, share)) continue;
    found.wanted += 1;
    found.cost += expectedCost(task.cell);
  }
  return found;
}

async function* wantedOutcomes(directory: string, share: number): AsyncGenerator<Outcome, undefined> {
  for await (const outcome of readOutcomes(directory)) if (isWanted(outcome, share)) yield outcome;
}

/**
 * Those of another arithmetic are expected to differ. Ids are hashes, so their first bits are a uniform draw, and the same
 * every time.
 */
function isWanted({ task }: Outcome, share: number): boolean {
  const isComputable = task.numerics === NUMERICS && otherArithmetic(task.cell) === undefined;
  return isComputable && Number.parseInt(task.id.slice(0, 8), 16) < share * 2 ** 32;
}
