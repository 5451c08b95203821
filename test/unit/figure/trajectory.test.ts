import { describe, expect, it } from 'vitest';
import {
  type Line,
  type TrajectoryFigure,
  trajectorySpecification,
} from '../../../orchestrator/experiments/trajectory/figure/mod.ts';
import { renderSvg } from '../../../orchestrator/figure/mod.ts';
import { type Course, lineOf } from './trajectories.ts';

const FIGURE: TrajectoryFigure = {
  title: 'Courses of gradient descent',
  source: 'made up',
  notes: [],
  rows: ['activation'],
  lines: 'blocks',
  panels: ['loss', 'sharpness', 'gradient-norm'],
  along: 'iteration',
  tasks: { done: 1, total: 1 },
};
const SHORT: Course = { iterations: 120, stepSize: 0.08, every: 5, layers: 2 };

/** Numbers but those of texts to one decimal: Node versions may differ in the last bits of what Vega computes. */
const rounded = (svg: string): string =>
  svg.replace(/<[^>]*>/g, (tag) => tag.replace(/-?\d+\.\d+/g, (number) => String(Number(Number(number).toFixed(1)))));

/** The SVG of a figure that gives Vega-Lite nothing to warn of, and the text of its specification. */
async function draw(figure: Partial<TrajectoryFigure>, lines: readonly Line[]): Promise<{ svg: string; json: string }> {
  const spec = trajectorySpecification({ ...FIGURE, ...figure }, lines);
  const warnings: string[] = [];
  const svg = await renderSvg(spec, (text) => warnings.push(text));
  expect(warnings).toEqual([]);
  // nor numbers that no viewer draws; a boolean, as a picture says nothing in a message
  expect(/NaN|Infinity|undefined|"[^"]*\d{8}[^"]*,[^"]*"/.test(svg.replace(/\.\d+/g, ''))).toBe(false);
  return { svg, json: `${JSON.stringify(spec, null, 2)}\n` };
}

/** A training with these columns only. */
function measured(columns: Record<string, number[]>, diverged: number | null = null): Line {
  const rows = Object.values(columns)[0].length;
  const all = { iteration: Array.from({ length: rows }, (_, i) => i + 1), ...columns };
  const series = {
    rows,
    columns: new Map(Object.entries(all).map(([name, values]) => [name, Float64Array.from(values)])),
  };
  const edge = { matrix: 'hessian', over: 2 } as const;
  const divergence = diverged === null ? null : { iteration: diverged };
  return { values: new Map(), run: 0, series, edge, divergence };
}

type Part = {
  mark?: { type: string; strokeJoin?: string };
  data?: { values: string };
  transform?: { calculate: string }[];
  encoding?: Record<string, never>;
  layer?: Part[];
};
type Drawn = { layer: (Part & { encoding: { y: { scale: { domain: [number, number] } } } })[] };

/** The panels of a specification. */
const panelsOf = (figure: Partial<TrajectoryFigure>, lines: readonly Line[]): Drawn[] =>
  (trajectorySpecification({ ...FIGURE, ...figure }, lines) as unknown as { concat: Drawn[] }).concat;

/** The points of a panel's curves, by the names of the lines. */
function pointsOf({ layer }: Drawn): Map<string, [number, number][]> {
  const points = new Map<string, [number, number][]>();
  const curves = layer.find((part) => part.mark?.type === 'line');
  const names = JSON.parse(curves?.transform?.[0].calculate.replace(/\[datum.line\].*/, '') ?? '[]');
  for (const row of (curves?.data?.values ?? '').trimEnd().split('\n').slice(1)) {
    const [line, , x, value] = row.split(',');
    const name = names[Number(line)];
    points.set(name, [...(points.get(name) ?? []), [Number(x), Number(value)]]);
  }
  return points;
}

const edgesOf = ({ layer }: Drawn): string[] =>
  (layer.find(({ mark }) => mark?.type === 'line' && mark.strokeJoin === undefined)?.data?.values ?? '')
    .trimEnd()
    .split('\n')
    .slice(1);

describe('a figure of trajectories', () => {
  it('by blocks: the network and its layers, 2 / step size, a run that diverged', async () => {
    const lines = [
      lineOf({ activation: 'tanh' }, SHORT),
      lineOf({ activation: 'relu' }, { ...SHORT, stepSize: 0.04, diverged: 100 }),
    ];
    const { svg, json } = await draw({}, lines);
    await expect(json).toMatchFileSnapshot('snapshots/trajectory-blocks.vl.json');
    await expect(rounded(svg)).toMatchFileSnapshot('snapshots/trajectory-blocks.svg');
    for (const text of ['tanh: loss', 'relu: gradient norm', 'relu at iteration 100', 'layer 2']) {
      expect(svg).toContain(text);
    }
  });

  it('draws the edge of each optimiser where its panel shows what is bounded', () => {
    const line = (optimizer: string, over: number, matrix: 'hessian' | 'preconditioned' = 'hessian'): Line => {
      const made = lineOf({ optimizer }, { ...SHORT, stepSize: 0.1 });
      const columns = new Map(made.series.columns);
      const preconditioned = columns.get('sharpness')!.map((value) => 15 * value);
      if (matrix === 'preconditioned') columns.set('preconditioned_sharpness', preconditioned);
      return { ...made, series: { ...made.series, columns }, edge: { matrix, over } };
    };
    const lines = [line('sgd', 2), line('momentum 0.9', 3.8), line('adam', 38, 'preconditioned')];
    const figure = { rows: [], lines: 'optimizer', panels: ['sharpness', 'preconditioned-sharpness'] as const };
    const [sharpness, preconditioned] = panelsOf(figure, lines).map(edgesOf);
    const values = (rows: readonly string[]) => [...new Set(rows.map((row) => Number(row.split(',')[3])))];
    expect(values(sharpness)).toEqual([20, 38]);
    expect(values(preconditioned)).toEqual([380]);
    const words = JSON.stringify(trajectorySpecification({ ...FIGURE, ...figure }, lines));
    expect(words).toContain('2 / step size, 3.8 / step size, 38 / step size');
  });

  it('by scheme: a line for each, by cost too, under a heading of several values', async () => {
    const line = (scheme: string, course: Course) =>
      lineOf({ activation: 'softplus', depth: 5, examples: 100, scheme }, course);
    const lines = [
      line('constant 0.08', SHORT),
      line('constant 0.3', { ...SHORT, stepSize: 0.3, diverged: 60 }),
      line('Barzilai-Borwein, long', { ...SHORT, stepSize: (i) => 0.05 + 0.03 * Math.sin(i), cost: 4 / 3 }),
      line('for each layer', { ...SHORT, stepSize: [0.02, 0.3], cost: 3 }),
    ];
    const panels = ['loss-by-cost', 'sharpness', 'step-size'] as const;
    const { svg } = await draw({ rows: ['activation', 'depth', 'examples'], lines: 'scheme', panels }, lines);
    await expect(rounded(svg)).toMatchFileSnapshot('snapshots/trajectory-schemes.svg');
    expect(svg).toContain('softplus, depth 5');
    expect(svg).toContain('geometric mean');
  });

  it('is small of long series of many lines, and of many rows of them', async () => {
    const long = { iterations: 5000, stepSize: 0.05, layers: 8, every: 1 };
    for (const rows of [1, 4]) {
      const lines = Array.from({ length: rows }, (_, i) => lineOf({ activation: `activation ${i}` }, long));
      const { svg, json } = await draw({}, lines);
      expect(svg.length).toBeLessThan(1e6);
      expect(json.length).toBeLessThan(1e6);
    }
    const panels = ['loss', 'loss-by-cost', 'sharpness', 'gradient-norm', 'step-size'] as const;
    const schemes = Array.from({ length: 9 }, (_, i) =>
      lineOf({ scheme: `${'with "much" to say, '.repeat(3)}${i}` }, long),
    );
    const { svg, json } = await draw({ rows: [], lines: 'scheme', panels }, schemes);
    expect(svg.length).toBeLessThan(1e6);
    expect(json.length).toBeLessThan(1e6);
    expect(svg.match(/>[^<]*with &quot;much&quot; to say|>with "much"/g)).toHaveLength(9);
  });

  it('of nothing yet, of what diverged at once and of what was not measured says so', async () => {
    const none = (await draw({ tasks: { done: 0, total: 3 } }, [])).svg;
    for (const text of ['partial: 0 of 3 tasks', 'no runs yet']) expect(none).toContain(text);
    const lines = [
      lineOf({ activation: 'tanh' }, { ...SHORT, diverged: 1 }),
      lineOf({ activation: 'relu' }, { ...SHORT, every: 0 }),
    ];
    const { svg } = await draw({ tasks: { done: 2, total: 3 }, notes: ['a \u0007 note'] }, lines);
    for (const text of [
      'partial: 2 of 3',
      'tanh at iteration 1',
      'diverged at once',
      'not measured',
      'a \\u0007 note',
    ]) {
      expect(svg).toContain(text);
    }
    // beside another in its panel
    const schemes = ['a', 'b'].map((scheme, i) => lineOf({ scheme }, i === 0 ? { ...SHORT, diverged: 1 } : SHORT));
    expect((await draw({ rows: [], lines: 'scheme' }, schemes)).svg).toContain('a at iteration 1');
    await draw({}, [measured({ other: [] })]);
  });

  it('leaves out of a logarithmic axis what is not above 0, and says so', async () => {
    const line = measured({ loss: [1, 0, 0.5, -1, Number.POSITIVE_INFINITY, 0.25] });
    const [panel] = panelsOf({ panels: ['loss'] }, [line]);
    expect(pointsOf(panel).get('Full')).toEqual([
      [1, 1],
      [3, 0.5],
      [6, 0.25],
    ]);
    expect((await draw({ panels: ['loss'] }, [line])).svg).toContain('logarithmic axes omit values of 0 or less');
  });

  it('tells runs and what is told nowhere else apart', async () => {
    const lines = [0, 1].flatMap((run) => [2, 3].map((depth) => lineOf({ scheme: 'one', depth }, SHORT, run)));
    const { svg } = await draw({ rows: [], lines: 'scheme' }, lines);
    expect(svg).toContain('one line for each of 2 runs, depth');
  });
});

describe('the axis of sharpness', () => {
  const domainOf = (lines: readonly Line[], figure: Partial<TrajectoryFigure> = {}) =>
    panelsOf({ panels: ['sharpness'], ...figure }, lines)[0].layer[0].encoding.y.scale.domain;
  const steady = Array.from({ length: 40 }, () => 0.1);

  it('shows what is negative, and no more of an explosion than the edge needs', () => {
    const sharpness = [-2, 5, 10, 19, 20, 21, 22, 1e3, 1e9, 1e38];
    const [low, high] = domainOf([measured({ sharpness, step_size: steady.slice(0, 10) }, 11)]);
    expect(low).toBeLessThan(-2);
    expect(high).toBeGreaterThan(22);
    expect(high).toBeLessThan(60);
    expect(domainOf([measured({ sharpness }, 11)])[1]).toBeLessThan(3000);
  });

  it('shows a run that stays finite whole, unless nearly all of it would be flat', () => {
    expect(domainOf([measured({ sharpness: steady.map((_, i) => (i === 20 ? 30 : 10)) })])[1]).toBeGreaterThan(30);
    expect(domainOf([measured({ sharpness: steady.map((_, i) => (i === 20 ? 1e6 : 10)) })])[1]).toBeLessThan(200);
  });

  it('reaches up to 2 / step size if that is not far off', async () => {
    const line = (stepSize: number) =>
      measured({ sharpness: steady.map(() => 10), step_size: steady.map(() => stepSize) });
    expect(domainOf([line(0.1)])[1]).toBeGreaterThan(20);
    expect(domainOf([line(0.001)])[1]).toBeLessThan(20);
    expect((await draw({ panels: ['sharpness'] }, [line(0.001)])).svg).toContain('2 / step size is far above');
  });

  it('is there of nothing but zeros', async () => {
    await draw({ panels: ['sharpness'] }, [measured({ sharpness: [0, 0, 0] })]);
  });
});

describe('2 / step size', () => {
  const panels = ['sharpness'] as const;
  const scheme = (name: string, stepSize: Course['stepSize']) => lineOf({ scheme: name }, { ...SHORT, stepSize });

  it('is straight for a constant, in the color of its line among several', () => {
    expect(edgesOf(panelsOf({ panels }, [lineOf({}, SHORT)])[0])).toEqual([',1,1,25', ',1,120,25']);
    const lines = [scheme('a', 0.08), scheme('b', 0.04), scheme('c', (i) => 0.08 + 0.01 * Math.sin(i))];
    expect(edgesOf(panelsOf({ panels, lines: 'scheme' }, lines)[0])).toEqual([
      '0,1,1,25',
      '0,1,120,25',
      '1,2,1,50',
      '1,2,120,50',
    ]);
    // of both, and so in neither's
    const same = [scheme('a', 0.08), scheme('b', 0.08)];
    expect(edgesOf(panelsOf({ panels, lines: 'scheme' }, same)[0])).toEqual([',1,1,25', ',1,120,25']);
  });

  it('is a curve for a step size that varies, and none for step sizes of layers', () => {
    const varying = lineOf({}, { ...SHORT, stepSize: (i) => 0.05 + 0.0001 * i });
    expect(edgesOf(panelsOf({ panels }, [varying])[0])).toHaveLength(120);
    expect(edgesOf(panelsOf({ panels }, [lineOf({}, { ...SHORT, stepSize: [0.1, 0.1] })])[0])).toEqual([]);
  });
});

it('thinning keeps both ends, the order and every peak', () => {
  const values = Array.from({ length: 5000 }, (_, i) => 2 + Math.sin(i / 300));
  values[1234] = 50;
  values[1235] = 0.001;
  values[4000] = 60;
  const points = pointsOf(panelsOf({ panels: ['loss'] }, [measured({ loss: values })])[0]).get('Full') ?? [];
  expect(points.length).toBeLessThanOrEqual(600);
  expect(points.length).toBeGreaterThan(500);
  expect(points).toEqual(points.toSorted(([a], [b]) => a - b));
  expect([points[0][0], points.at(-1)?.[0]]).toEqual([1, 5000]);
  for (const i of [1234, 1235, 4000]) expect(points).toContainEqual([i + 1, values[i]]);
});

it('step sizes of layers are a line each by blocks, their geometric mean among schemes', () => {
  const columns = { step_size_layer_1: [0.1, 0.2], step_size_layer_2: [0.4, 0.2] };
  const panels = ['step-size'] as const;
  expect([...pointsOf(panelsOf({ panels }, [measured(columns)])[0]).keys()]).toEqual(['layer 1', 'layer 2']);
  expect(pointsOf(panelsOf({ panels, lines: 'scheme' }, [measured(columns)])[0]).get('Full')).toEqual([
    [1, 0.2],
    [2, 0.2],
  ]);
});

it('a density is a heat map that holds all of its weight, flows and further eigenvalues are lines beside the network, along time', async () => {
  const rows = 41;
  const at = (value: (i: number) => number, every = 1) =>
    Array.from({ length: rows }, (_, i) => (i % every === 0 ? value(i) : Number.NaN));
  const line = measured({
    step_size: at(() => 0.5),
    sharpness: at((i) => Math.min(4, i / 5)),
    eigenvalue_2: at((i) => Math.min(3, i / 8)),
    flow_sharpness: at((i) => i / 5, 10),
    flow_distance: at((i) => i / 100, 10),
    density_products: at(() => 6, 20),
    ...Object.fromEntries(
      [-0.1, 0.02, 4].flatMap((node, k) => [
        [`density_node_1_${k + 1}`, at(() => node, 20)],
        [`density_weight_1_${k + 1}`, at(() => [0.1, 0.8, 0.1][k], 20)],
      ]),
    ),
  });
  const figure = { panels: ['density', 'eigenvalues', 'flow-sharpness', 'flow-distance'], along: 'time' } as const;
  const { svg } = await draw(figure, [line]);
  for (const text of ['time (sum of step sizes)', 'spectral density: share']) expect(svg).toContain(text);
  const [density, eigenvalues, sharpness, distance] = panelsOf(figure, [line]);
  expect([...pointsOf(eigenvalues).keys()]).toEqual(['Full', 'eigenvalue 2']);
  expect(pointsOf(sharpness).get('gradient flow')?.at(-1)).toEqual([20, 8]);
  // a distance of 0 has no place on a logarithmic axis
  expect(pointsOf(distance).get('gradient flow')).toEqual([5, 10, 15, 20].map((time) => [time, time / 50]));
  const cells = (density.layer[0].data?.values ?? '').trimEnd().split('\n').slice(1);
  const columns = new Set(cells.map((cell) => cell.split(',').slice(0, 2).join(' to ')));
  expect(columns).toEqual(new Set(['0 to 5', '5 to 15', '15 to 20']));
  const values = cells.map((cell) => cell.split(',').map(Number));
  for (const node of [-0.1, 0.02, 4]) expect(values.some(([, , low, high]) => low <= node && node <= high)).toBe(true);
});

it('the sharpness ratio is that of the network over the largest layer', () => {
  const line = measured({ sharpness: [6, 8], sharpness_layer_1: [2, 8], sharpness_layer_2: [3, 1] });
  const [ratio] = panelsOf({ panels: ['sharpness-ratio'] }, [line]);
  expect(pointsOf(ratio).get('Full')).toEqual([
    [1, 2],
    [2, 1],
  ]);
});

describe('along the distance', () => {
  const [norm, nan] = [
    { gradient_norm: [5, 10, 20], gradient_norm_layer_1: [3, 6, 12], gradient_norm_layer_2: [4, 8, 16] },
    Number.NaN,
  ];
  const figure = { panels: ['loss'], along: 'distance' } as const;
  const placesOf = (line: Line) => pointsOf(panelsOf(figure, [line])[0]).get('Full');

  it('are the lengths of the steps before', async () => {
    const line = measured({ ...norm, step_size: [0.5, 0.25, nan], loss: [3, 2, 1] });
    expect(placesOf(line)).toEqual([
      [0, 3],
      [2.5, 2],
      [5, 1],
    ]);
    const { svg } = await draw(figure, [line]);
    for (const text of ['distance (length of the path)', 'known for sgd alone']) expect(svg).toContain(text);
  });

  it('of step sizes for each layer too, and of no other optimiser', () => {
    const columns = { ...norm, step_size_layer_1: [1, 1, 1], step_size_layer_2: [1, 0.75, 1], loss: [3, 2, 1] };
    const places = placesOf(measured(columns))!.map(([x]) => x);
    expect(places.slice(0, 2)).toEqual([0, 5]);
    expect(places[2]).toBeCloseTo(5 + Math.hypot(6, 6), 3);
    const line = measured({ ...norm, step_size: [1, 1, 1], loss: [3, 2, 1] });
    expect(placesOf({ ...line, edge: { matrix: 'hessian', over: 3.8 } })).toBeUndefined();
  });
});
