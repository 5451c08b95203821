import { markdownTable } from 'markdown-table';

type Row = { activation: string };
type Interval = { value: number | null; low: number | null; high: number | null };

/** What `first-passage --json` says of one curve and ladder. */
export type Law = {
  row: Row;
  coarse: boolean;
  search: { growth: number };
  prediction: { mean: number; low: number; high: number; sd: number; dataShare: number };
  measured: { n: number; mean: number; sd: number; ci95: number; distance: number; p: number } | null;
};

/** What `table --json` says of one curve. */
export type Thresholds = {
  row: Row;
  misfit: number | null;
  paper: number | null;
  onCurve: Record<'eta05' | 'eta50' | 'eta95', Interval>;
  onShares: Record<'eta05' | 'eta50' | 'eta95', Interval>;
  spread: { dataShare: number } | null;
};

export const entries = <Entry>(json: string): Entry[] => (JSON.parse(json) as { entries: Entry[] }).entries;

const digits = (value: number): string => value.toPrecision(4);
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
const align = (columns: number): ('l' | 'r')[] => Array.from({ length: columns }, (_, i) => (i === 0 ? 'l' : 'r'));
const table = (head: string[], rows: string[][]): string =>
  markdownTable([head, ...rows], { align: align(head.length) });

/** A curve that misses a share by more is replaced by the shares, as in tables. */
const MISFIT = 0.1;
const quantilesOf = ({ misfit, onShares, onCurve }: Thresholds) =>
  misfit !== null && misfit > MISFIT ? onShares : onCurve;
const eta50 = (thresholds: Thresholds): number => quantilesOf(thresholds).eta50.value ?? Number.NaN;

/** Tests of the law that reject it at the 5 % level. */
export const rejected = (laws: readonly Law[]): Law[] =>
  laws.filter(({ measured, coarse }) => measured !== null && !coarse && measured.p < 0.05);

/** The same tests with probabilities of divergence on the data of the measured runs. */
export function againSection(laws: readonly Law[]): string {
  if (laws.length === 0) return '';
  const rows = laws.map(({ row, search, prediction, measured }) => [
    row.activation,
    String(search.growth),
    `${digits(prediction.mean)} (${digits(prediction.low)} to ${digits(prediction.high)})`,
    measured === null ? '' : `${digits(measured.mean)} ± ${digits(measured.ci95)}`,
    measured === null ? '' : measured.distance.toFixed(3),
    measured === null ? '' : measured.p.toFixed(3),
  ]);
  return `The runs of all β share their data sets, so these tests are not independent. With the probabilities of divergence on the data sets of the runs
themselves (100 of them, 32 initialisations each), what is left of the differences is:

${table(['activation', 'β', 'predicted mean (95 % CI)', 'measured ± 95 %', 'D', 'p'], rows)}
`;
}

export function tableSection(laws: readonly Law[], thresholds: readonly Thresholds[]): string {
  const rows = laws.map(({ row, search, prediction, measured, coarse }) => [
    row.activation,
    String(search.growth),
    search.growth === 1.01
      ? String(thresholds.find(({ row: { activation } }) => activation === row.activation)?.paper ?? '')
      : '',
    `${digits(prediction.mean)} (${digits(prediction.low)} to ${digits(prediction.high)})`,
    digits(prediction.sd),
    ...(measured === null
      ? ['', '', '', '', '']
      : [
          `${digits(measured.mean)} ± ${digits(measured.ci95)}`,
          digits(measured.sd),
          String(measured.n),
          measured.distance.toFixed(3),
          coarse ? '–' : measured.p.toFixed(3),
        ]),
  ]);
  const tested = laws.filter(({ measured, coarse }) => measured !== null && !coarse);
  const against = rejected(laws);
  const names = against.map(({ row, search }) => `${row.activation} at β ${search.growth}`);
  return `${table(
    ['activation', 'β', 'paper', 'predicted mean (95 % CI)', 'sd', 'measured ± 95 %', 'sd', 'n', 'D', 'p'],
    rows,
  )}

Of ${tested.length} tests of the law at the 5 % level, ${against.length === 0 ? 'none rejects it' : `${against.length} ${against.length === 1 ? 'rejects' : 'reject'} it (${names.join(', ')})`}; ${(0.05 * tested.length).toFixed(1)} would by chance.
`;
}

export function orderSection(
  laws: readonly Law[],
  thresholds: readonly Thresholds[],
  growths: readonly number[],
): string {
  const orderOf = (read: (activation: string) => number) =>
    thresholds.map(({ row }) => row.activation).toSorted((a, b) => read(a) - read(b));
  const byGrowth = growths.map((growth) => {
    const meanOf = (activation: string) =>
      laws.find(({ row, search }) => row.activation === activation && search.growth === growth)!.prediction.mean;
    return { name: `first passage, β ${growth}`, order: orderOf(meanOf) };
  });
  const medians = orderOf((activation) => eta50(thresholds.find(({ row }) => row.activation === activation)!));
  const rows = thresholds.map((entry) => {
    const { eta05, eta50: half, eta95 } = quantilesOf(entry);
    const text = ({ value }: Interval) => (value === null ? '–' : digits(value));
    return [
      entry.row.activation,
      text(eta05),
      `${text(half)} (${half.low === null ? '–' : digits(half.low)} to ${half.high === null ? '–' : digits(half.high)})`,
      text(eta95),
    ];
  });
  const changes = byGrowth.map(({ name, order }) => {
    const swapped = pairsOf(order).filter(([a, b]) => medians.indexOf(a) > medians.indexOf(b));
    const text = swapped.map(([a, b]) => `${a} and ${b}`).join(', ');
    return `- ${name}: ${order.join(' < ')}; ${swapped.length === 0 ? 'as by the median' : `${text} change places by the median`}`;
  });
  return `${table(['activation', 'η05', 'η50 (95 % CI)', 'η95'], rows)}

Order of the activations:

${changes.join('\n')}
- median η50: ${medians.join(' < ')}
`;
}

function pairsOf(order: readonly string[]): [string, string][] {
  return order.flatMap((a, i) => order.slice(i + 1).map((b): [string, string] => [a, b]));
}

export function spreadSection(
  laws: readonly Law[],
  thresholds: readonly Thresholds[],
  growths: readonly number[],
): string {
  const rows = thresholds.map(({ row, spread }) => [
    row.activation,
    ...growths.map((growth) => {
      const law = laws.find((one) => one.row.activation === row.activation && one.search.growth === growth)!;
      return percent(law.prediction.dataShare);
    }),
    spread === null ? '–' : percent(spread.dataShare),
  ]);
  return `Share of the variance (of log step size) that comes from the data; the rest comes from initial weights${
    laws.length === 0 ? '' : ' (of the first passage, by the law; and of the threshold of a single training)'
  }:

${table(['activation', ...growths.map((growth) => `first passage, β ${growth}`), 'single training'], rows)}
`;
}
