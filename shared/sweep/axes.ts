import type { Dataset, ImageDataset, SyntheticDataset, TokenDataset } from '../dataset.ts';
import { IMAGE_DATASETS, isImageKind, LABELS, publishedDigest } from '../datasets.ts';
import { DATASET_KEYS, type DatasetKey, isParameterKey } from '../experiments/mod.ts';
import { kindOf, type Plan } from './experiments/mod.ts';
import type { Path, Problem } from './problems.ts';
import { type Range, rangeLength, rangeValues } from './range.ts';

/** A key of the grid with the values it takes; listed only when asked, since the number may be too large. */
export type Axis = {
  key: string;
  length: number;
  values(): readonly unknown[];
  path: Path;
  /** Value i stands at place i of the list at `path`; false where mappings hold lists. */
  listed: boolean;
};

/** Axes that advance together; all have the same length. */
export type Group = { axes: readonly Axis[]; length: number };

type Spec<Value> = Value | readonly Value[] | Range;
type DatasetSpec = Extract<Extract<Plan['grid'], { dataset: unknown }>['dataset'], { kind: unknown }>;

/** The factors of the product in order, the first one slowest, with what is wrong about the ties. */
export function groupsOf(plan: Plan): { groups: Group[]; problems: Problem[] } {
  const { grid, zip } = plan;
  const kind = kindOf(plan);
  const { complete = {} } = kind;
  const whole = zip.flat().some((key) => key === 'dataset');
  const dataset = grid.dataset as DatasetSpec | readonly DatasetSpec[];
  const written = Object.entries(grid).flatMap(([key, spec]): Axis[] => {
    if (spec === undefined) return [];
    if (key === 'dataset') {
      return Array.isArray(dataset) || whole ? [datasetAxis(dataset)] : partAxes(dataset as DatasetSpec);
    }
    return [
      isKindSpec(spec) && !isParameterKey(key)
        ? kindAxis(key, spec, complete[key])
        : axisOf(key, spec as Spec<unknown>, ['grid', key]),
    ];
  });
  const axes = [...written, ...(kind.axes?.(plan) ?? [])];
  const problems = zipProblems(zip, axes, Array.isArray(grid.dataset));
  const groups = axes.flatMap((axis) => {
    const tied = zip.find((keys) => keys.some((key) => key === axis.key));
    if (tied === undefined) return [{ axes: [axis], length: axis.length }];
    const members = axes.filter(({ key }) => tied.some((other) => other === key));
    return members[0] === axis ? [{ axes: members, length: axis.length }] : [];
  });
  return { groups, problems };
}

function axisOf<Value>(key: string, spec: Spec<Value>, path: Path): Axis {
  return { key, length: lengthOf(spec), values: () => valuesOf(spec), path, listed: true };
}

/** A dataset written as one mapping: each part that is written is an axis of its own. */
function partAxes(spec: DatasetSpec): Axis[] {
  return partsOf(spec).map((part) => axisOf(`dataset.${part}`, specOf(spec, part), ['grid', 'dataset', part]));
}

/** The datasets as the values of one axis, each with the product of its parts. */
function datasetAxis(specs: DatasetSpec | readonly DatasetSpec[]): Axis {
  const list = [specs].flat() as DatasetSpec[];
  const axesOf = (spec: DatasetSpec) => partsOf(spec).map((part) => [part, specOf(spec, part)] as const);
  const values = () =>
    list.flatMap((spec) => choices(axesOf(spec)).map((chosen) => completeDataset(chosen as DatasetParts)));
  return { key: 'dataset', length: countChoices(list.map(axesOf)), values, path: ['grid', 'dataset'], listed: false };
}

/** Schemes or optimisers as the values of one axis, each with the product of its parameters. */
function kindAxis(
  key: string,
  specs: KindSpec | readonly KindSpec[],
  complete: (chosen: Record<string, unknown>) => unknown = (chosen) => chosen,
): Axis {
  const list = [specs].flat();
  const axesOf = (spec: KindSpec) => Object.entries(spec).filter(([, value]) => value !== undefined);
  const values = () => list.flatMap((spec) => choices(axesOf(spec)).map(complete));
  return { key, length: countChoices(list.map(axesOf)), values, path: ['grid', key], listed: false };
}

/** A mapping with a kind, whose other parts may have several values. */
type KindSpec = { kind: string } & Record<string, unknown>;

function isKindSpec(spec: unknown): spec is KindSpec | readonly KindSpec[] {
  const [first] = [spec].flat();
  return typeof first === 'object' && first !== null && 'kind' in first;
}

type Parts = readonly (readonly [part: string, spec: Spec<unknown>])[];

/** Every combination of the values of the parts, the first part slowest. */
function choices(parts: Parts): Record<string, unknown>[] {
  return parts.reduce<Record<string, unknown>[]>(
    (partial, [part, spec]) =>
      partial.flatMap((chosen) => valuesOf(spec).map((value) => ({ ...chosen, [part]: value }))),
    [{}],
  );
}

function countChoices(list: readonly Parts[]): number {
  return list.reduce((sum, parts) => sum + parts.reduce((n, [, spec]) => n * lengthOf(spec), 1), 0);
}

/** The parts that a sweep file gives, each with one value; the schema has checked that they suit the kind. */
export type DatasetParts = Pick<Dataset, 'kind' | 'examples'> &
  Partial<Omit<ImageDataset, 'kind'>> & { grayscale?: boolean; length?: number; vocabulary?: number };

/** The keys in one order, with what follows from others or is left out. */
export function completeDataset(parts: DatasetParts): Dataset {
  const { kind, examples } = parts;
  if (kind === 'sorting' || kind === 'modular-addition') return completeTokens(parts as TokenDataset);
  if (!isImageKind(kind)) {
    const { dimensions, outputs = dimensions } = parts as SyntheticDataset;
    return { kind, examples, dimensions, outputs };
  }
  const { choose = 'first', standardize = 'none', classes = [...LABELS], digest = publishedDigest(kind) } = parts;
  const { channels, side } = IMAGE_DATASETS[kind];
  const { grayscale = false } = parts;
  const image = { examples, choose, standardize, classes, outputs: classes.length, digest };
  const dimensions = side * side * (grayscale ? 1 : channels);
  return kind === 'cifar10' ? { kind, ...image, grayscale, dimensions } : { kind, ...image, dimensions };
}

/** The sorted sequence follows the one to sort without its last token; a sum has its two numbers. */
function completeTokens(parts: TokenDataset): Dataset {
  const { examples, vocabulary } = parts;
  if (parts.kind === 'modular-addition') {
    return { kind: parts.kind, examples, vocabulary, dimensions: 2 * vocabulary, outputs: vocabulary };
  }
  const { kind, length } = parts;
  return {
    kind,
    examples,
    length,
    vocabulary,
    dimensions: (2 * length - 1) * vocabulary,
    outputs: length * vocabulary,
  };
}

function partsOf(spec: DatasetSpec): DatasetKey[] {
  return DATASET_KEYS.filter((part) => partOf(spec, part) !== undefined).sort(byPlaceIn(Object.keys(spec)));
}

const byPlaceIn = (keys: string[]) => (a: string, b: string) => keys.indexOf(a) - keys.indexOf(b);

const partOf = (spec: DatasetSpec, part: DatasetKey): unknown => (spec as Partial<Record<DatasetKey, unknown>>)[part];

/** The labels of `classes` are a list, and yet one value, unless they are several lists. */
function specOf(spec: DatasetSpec, part: DatasetKey): Spec<unknown> {
  const value = partOf(spec, part);
  return part === 'classes' && Array.isArray(value) && !Array.isArray(value[0]) ? [value] : value;
}

function lengthOf(spec: Spec<unknown>): number {
  return Array.isArray(spec) ? spec.length : isRange(spec) ? rangeLength(spec) : 1;
}

function valuesOf(spec: Spec<unknown>): readonly unknown[] {
  return Array.isArray(spec) ? spec : isRange(spec) ? rangeValues(spec) : [spec];
}

function isRange(spec: unknown): spec is Range {
  return typeof spec === 'object' && spec !== null && 'from' in spec;
}

function zipProblems(zip: Plan['zip'], axes: readonly Axis[], datasetIsList: boolean): Problem[] {
  const lengths = new Map(axes.map(({ key, length }) => [key, length]));
  const seen = new Set<string>();
  return zip.flatMap((keys, i) => {
    const problems = keys.flatMap((key, j) => {
      const problem = keyProblem(key, ['zip', i, j], lengths, seen, datasetIsList);
      seen.add(key);
      return problem ?? [];
    });
    if (problems.length > 0 || new Set(keys.map((key) => lengths.get(key))).size === 1) return problems;
    return {
      path: ['zip', i],
      message: 'tied keys have different numbers of values',
      expected: 'the same number of values for each key',
      got: keys.map((key) => `${key} has ${lengths.get(key)}`).join(', '),
      fix: 'give them the same number of values in the grid, or remove the tie',
    };
  });
}

function keyProblem(
  key: string,
  path: Path,
  lengths: ReadonlyMap<string, number>,
  seen: ReadonlySet<string>,
  datasetIsList: boolean,
): Problem | undefined {
  if (seen.has(key)) {
    const message = `\`${key}\` is tied twice`;
    return {
      path,
      message,
      expected: 'each key once in all of `zip`',
      got: key,
      fix: 'put all tied keys into one list',
    };
  }
  if (lengths.has(key)) return undefined;
  if (key.startsWith('dataset.') && datasetIsList) {
    const message = `\`${key}\` cannot be tied: the datasets are a list`;
    return {
      path,
      message,
      expected: 'the whole key `dataset`',
      got: key,
      fix: 'tie `dataset` itself, or use a single dataset',
    };
  }
  const message = `\`${key}\` cannot be tied`;
  return { path, message, expected: 'a key of the grid', got: key, fix: 'add it to the grid, or tie other keys' };
}
