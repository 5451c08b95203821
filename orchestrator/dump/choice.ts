import { EdgesweepError } from '../../shared/mod.ts';

/** What of a sweep is dumped. */
export type Choice = {
  /** from 0, in the order of `expand` */
  cell: number;
  /** from 0 */
  run: number;
  /** of maximal step sizes: from 0, past the divergence too, up to the ceiling; default: 0 */
  rung?: number | undefined;
  /** of trajectories: from 1; default: the first and the last */
  iterations?: readonly number[] | undefined;
  /** of trajectories: the Hessian itself too */
  dense?: boolean | undefined;
};

export function requireIndex(what: string, got: number, count: number, fix: string): void {
  if (Number.isInteger(got) && got >= 0 && got < count) return;
  throw new EdgesweepError('USAGE', `no ${what} ${got}`, {
    expected: `a ${what} from 0 to ${count - 1}`,
    got: `${got}`,
    fix,
  });
}
