import { counted, EdgesweepError, type GridValue, nearest, type Outcome, oneLine } from '../../../shared/mod.ts';
import { type ExpansionOf, STATISTICS, type Statistic, type SweepNamed } from '../../../shared/sweep/mod.ts';
import { keyHeading, SPREADS, STATISTIC_HEADINGS } from '../../report/headings.ts';
import type { Layout, Report, TableOptions } from '../../report/mod.ts';
import { formatNumber } from '../../report/numbers.ts';
import { histogramOf, moments } from '../../statistics.ts';
import { numberOf, type ProgramGroup, readNumbers, SEARCHED } from './read.ts';

type Summary = Record<Statistic, number | null>;

/** @throws EdgesweepError USAGE for a key, a number or a statistic that there is not */
export async function programTable(
  sweep: SweepNamed<'program'>,
  expansion: ExpansionOf<'program'>,
  outcomes: Iterable<Outcome> | AsyncIterable<Outcome>,
  { by, stat, value }: TableOptions = {},
): Promise<Report> {
  const shown = statisticsOf(stat, sweep, expansion.runs);
  const given = <T>(list: readonly T[] | undefined) => (list?.length ? { list: [...new Set(list)] } : undefined);
  const { keys, values, groups, tasks } = await readNumbers(sweep, expansion, outcomes, {
    ...(given(by) && { keys: given(by)!.list }),
    ...(given(value) && { values: given(value)!.list }),
  });
  const { name, title, source = null } = sweep;
  const entries = groups.map((group) => ({
    ...group,
    n: group.results.length,
    summaries: new Map(values.map((of) => [of, summarize(group, of)] as const)),
  }));
  const partial = tasks.done < tasks.total ? [`partial: ${tasks.done} of ${counted(tasks.total, 'task')}`] : [];
  const bounds = values.includes(SEARCHED) ? boundNotes(groups) : [];
  return {
    layout(): Layout {
      const columns = values.flatMap((of) => shown.map((statistic) => ({ of, statistic })));
      const heading = ({ of, statistic }: (typeof columns)[number]) =>
        shown.length === 1 ? of : `${of} ${STATISTIC_HEADINGS[statistic]}`;
      return {
        title: oneLine(title),
        source: source === null ? null : oneLine(source),
        head: [...keys.map(keyHeading), ...columns.map(heading), 'n'],
        align: [...keys.map(() => 'right' as const), ...columns.map(() => 'right' as const), 'right'],
        body: entries.map(({ row, n, runs, summaries }) => [
          ...row.map(text),
          ...columns.map(({ of, statistic }) => shownNumber(summaries.get(of)!, statistic)),
          n === runs ? String(n) : `${n} of ${runs}`,
        ]),
        notes: [...bounds, ...partial],
      };
    },
    records() {
      const statistics = STATISTICS.filter((statistic) => statistic !== 'n');
      return {
        columns: [...keys, 'runs', 'n', ...values.flatMap((of) => statistics.map((statistic) => `${of}.${statistic}`))],
        rows: entries.map(({ row, runs, n, summaries }) => [
          ...row,
          runs,
          n,
          ...values.flatMap((of) => statistics.map((statistic) => summaries.get(of)![statistic])),
        ]),
      };
    },
    json() {
      const document = {
        name,
        title,
        source,
        tasks,
        rows: keys,
        values,
        entries: entries.map(({ row, runs, n, summaries }) => ({
          row: Object.fromEntries(keys.map((key, i) => [key, row[i]])),
          runs,
          n,
          values: Object.fromEntries(summaries),
        })),
      };
      return `${JSON.stringify(document, null, 2)}\n`;
    },
  };
}

function statisticsOf(
  asked: readonly string[] | undefined,
  { table }: SweepNamed<'program'>,
  runs: number,
): readonly Statistic[] {
  const names = asked?.length ? asked : (table.statistics ?? (runs === 1 ? ['mean'] : ['mean', 'ci95']));
  return names.map((name) => {
    const known = STATISTICS.find((statistic) => statistic === name);
    if (known !== undefined) return known;
    const meant = nearest(name, STATISTICS);
    throw new EdgesweepError('USAGE', `there is no statistic \`${name}\``, {
      where: '--stat',
      expected: `one of ${STATISTICS.join(', ')}`,
      got: name,
      fix: meant === undefined ? 'use one of these' : `did you mean \`${meant}\`?`,
    });
  });
}

function summarize({ results }: ProgramGroup, of: string): Summary {
  const numbers = results.flatMap((result) => numberOf(result, of) ?? []).sort((a, b) => a - b);
  const n = numbers.length;
  if (n === 0) return { n, mean: null, sd: null, ci95: null, se: null, min: null, median: null, max: null };
  const middle = (numbers[(n - 1) >> 1] + numbers[n >> 1]) / 2;
  return { n, ...moments(histogramOf(numbers)), min: numbers[0], median: middle, max: numbers[n - 1] };
}

function shownNumber(summary: Summary, statistic: Statistic): string {
  if (statistic === 'n') return String(summary.n);
  return formatNumber(summary[statistic], SPREADS.includes(statistic) ? summary.mean : null);
}

/** A range multiplies numbers up: six digits tell them apart. */
const text = (value: GridValue): string =>
  oneLine(String(typeof value === 'number' ? Number(value.toPrecision(6)) : value));

function boundNotes(groups: readonly ProgramGroup[]): string[] {
  const searches = groups.flatMap(({ results }) => results.flatMap(({ search }) => search ?? []));
  const first = searches.filter(({ rung, end }) => rung === 0 && end === 'diverged').length;
  const ceiling = searches.filter(({ end }) => end === 'ceiling').length;
  return [
    ...(first > 0 ? [`${counted(first, 'run')} diverged at the first rung: the value is an upper bound`] : []),
    ...(ceiling > 0 ? [`${counted(ceiling, 'run')} reached the ceiling: the value is a lower bound`] : []),
  ];
}
