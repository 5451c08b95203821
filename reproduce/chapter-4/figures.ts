import { markdownTable } from 'markdown-table';
import type { Judgement } from '../claims.ts';
import { type Cell, type Results, series } from '../sweep.ts';
import { ACTIVATIONS } from './claims.ts';

/** What became of each sweep: its results, or why there are none. */
export type Done<R = Results> = Map<string, R | string>;

/** What the text says, judged by the results of some sweeps. */
type Claim<R> = { text: string; where: string; sweeps: string[]; judge: (...results: R[]) => Judgement };

/** Mean and half of its 95 % interval, by value and activation. */
export function figureSection(sweep: string, results: Results | string): string {
  const head = `## Figure ${sweep.slice('figure-'.length)}\n\n\`sweeps/${sweep}.yaml\``;
  if (typeof results === 'string') return `${head}: **not done**, ${results}\n`;
  const columns = ACTIVATIONS.map((activation) => series(results, activation));
  const rows = columns[0].map(({ value }, i) => [String(value), ...columns.map((column) => shown(column[i].cell))]);
  const table = markdownTable([[results.key, ...ACTIVATIONS], ...rows], { align: ['r', 'r', 'r', 'r', 'r'] });
  return `${head}: ${results.title}\n\n${table}\n`;
}

function shown({ mean, ci95, atMost, atLeast }: Cell): string {
  const bounds = [atMost > 0 ? `${atMost} at most` : '', atLeast > 0 ? `${atLeast} at least` : ''].filter(Boolean);
  return `${mean.toPrecision(4)} ± ${ci95.toPrecision(2)}${bounds.length > 0 ? ` (${bounds.join(', ')})` : ''}`;
}

/** Every claim with its verdict, and how many of each there are. */
export function claimsTable<R>(claims: readonly Claim<R>[], done: Done<R>): { table: string; counts: string } {
  const rows = claims.map(({ text, where, sweeps, judge }) => {
    const results = sweeps.map((sweep) => done.get(sweep));
    const missing = results.find((result) => typeof result === 'string');
    if (missing !== undefined) return [text, where, 'not done', missing];
    const { verdict, numbers } = judge(...(results as R[]));
    return [text, where, verdict, numbers];
  });
  const count = (verdict: string) => rows.filter((row) => row[2] === verdict).length;
  const counts = ['holds', 'does not', 'cannot be told', ...(count('not done') > 0 ? ['not done'] : [])].map(
    (verdict) => `${verdict} ${count(verdict)}`,
  );
  return {
    table: markdownTable([['claim', 'where', 'verdict', 'our numbers'], ...rows]),
    counts: `Verdicts: ${counts.join(', ')}`,
  };
}

export function claimsSection(claims: readonly Claim<Results>[], done: Done): string {
  const { table, counts } = claimsTable(claims, done);
  return `## What the text says

A difference of two means counts when it is more than two of its standard errors (Welch). "Monotonically" holds when the last mean is so
against the first, and no step goes the other way by more than that. ${counts}.

${table}
`;
}
