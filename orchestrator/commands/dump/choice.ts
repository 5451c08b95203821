import { EdgesweepError } from '../../../shared/mod.ts';

/** What of a sweep is dumped. */
export type Choice = {
  /** from 0, in the order of `expand` */
  cell: number;
  /** from 0 */
  run: number;
  /** of maximal step sizes: from 0, past the divergence too, up to the ceiling; 0 unless given */
  rung?: number | undefined;
  /** of trajectories: from 1; the first and the last unless given */
  iterations?: readonly number[] | undefined;
  /** of trajectories: the Hessian itself too */
  dense?: boolean | undefined;
  /** in which data sets are looked for */
  folders: readonly string[];
};

export function requireIndex(what: string, got: number, count: number, fix: string): void {
  if (Number.isInteger(got) && got >= 0 && got < count) return;
  throw new EdgesweepError('USAGE', `no ${what} ${got}`, {
    expected: `a ${what} from 0 to ${count - 1}`,
    got: `${got}`,
    fix,
  });
}

/** What the option chooses, by the experiment that has it. */
const OPTIONS = {
  rung: { experiment: 'maximal-step-size', what: 'a rung of a search' },
  iterations: { experiment: 'trajectory', what: 'iterations of a training' },
  dense: { experiment: 'trajectory', what: 'the Hessian at iterations of a training' },
} as const;

/** @throws EdgesweepError USAGE for an option that the experiment has no use for: ignored, it would be taken for heeded */
export function refuseOptionsOfOthers(experiment: string, choice: Pick<Choice, keyof typeof OPTIONS>): void {
  for (const [name, { experiment: owner, what }] of Object.entries(OPTIONS)) {
    const value = choice[name as keyof typeof OPTIONS];
    if (owner === experiment || value === undefined || value === false) continue;
    throw new EdgesweepError('USAGE', `--${name} is not for this sweep`, {
      expected: `--${name}, ${what}, with a sweep of experiment ${owner}`,
      got: `a sweep of experiment ${experiment}`,
      fix:
        experiment === 'trajectory'
          ? 'leave it out, or choose with --iterations'
          : 'leave it out, or choose with --rung',
    });
  }
}
