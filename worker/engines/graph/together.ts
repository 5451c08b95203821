import { distributionOf } from '../initialize.ts';
import { sizeOf } from '../objective.ts';
import type { Examples, Problem, Trial } from '../problem.ts';
import type { Rules } from '../rules.ts';
import { Arena, type Machine, type Program } from './arena.ts';
import { graphBlocks, type MakeMachine } from './executor.ts';
import { type GraphProblem, lossOf } from './losses.ts';
import { GRAPH_MODELS, layersOf } from './models.ts';
import { DESCENTS, type Instruction, QUAD, UNIT } from './operations.ts';
import { initialParameters, partsOf } from './parameters.ts';
import { Tape } from './tape.ts';

/** Lanes of each network where networks share a quad: a power of two. All of them where there is no room for a second. */
export const lanesOf = (batchSize: number): number => Math.min(QUAD, 1 << (32 - Math.clz32(batchSize - 1)));

/**
 * Several networks of one shape side by side in a quad, on batches that leave room for that: network k has `lanes` of the 16, from number k
 * `lanes` on, and in every lane parameters of its own. Each lane does what it does in `Executor`, in the same order, so the bits are the same, but
 * for one thing: there, the lanes without an example repeat the last one with deltas of 0, from which overflows make NaN. Here other networks are in
 * these lanes. So a gradient counts only where it is finite; see `isFinite`.
 */
export class Together {
  readonly networks: number;
  readonly #lanes: number;
  readonly #size: number;
  readonly #machine: Machine;
  readonly #loss: ReturnType<typeof lossOf>;
  readonly #places: { w: number; v: number; g: number; x: number; check: number; stepSizes: number };
  readonly #gradient: Program;
  readonly #descent: Program;
  #count = 0;

  constructor(make: MakeMachine, graph: GraphProblem, lanes: number, rules: Rules) {
    const { network, model } = graph;
    const blocks = graphBlocks(graph);
    const parts = partsOf(graph, []);
    const size = sizeOf(blocks);
    this.networks = QUAD / lanes;
    this.#lanes = lanes;
    this.#size = size;
    const arena = new Arena();
    // the loss is a sum over examples, as a gradient is, and lies behind it
    const [w, v, g, stepSizes, check] = [size, size, size + 1, parts.length, 1].map((units) =>
      arena.take(UNIT * units),
    );
    const tape = new Tape(arena, {
      bytes: UNIT,
      of: (layer) => ({ w: w + UNIT * blocks[layer].offset, v: 0, g: g + UNIT * blocks[layer].offset }),
    });
    const x = tape.value(network.inputs);
    const loss = lossOf(graph, arena, GRAPH_MODELS[model].record(tape, x, network));
    this.#loss = loss;
    this.#places = { w, v, g, x: x.h, check, stepSizes };
    this.#gradient = arena.program([
      ['clear', g, size + 1],
      ...tape.forward(),
      loss.forward(g + UNIT * size),
      ...tape.backward(true),
      ['totals', g, size + 1, lanes, check],
    ]);
    const kind = DESCENTS.indexOf(rules.optimizer);
    this.#descent = arena.program(
      parts.map(({ start, end }, i): Instruction => {
        const [of, velocities, by] = [w, v, g].map((place) => place + UNIT * start);
        return ['descend', of, velocities, by, stepSizes + UNIT * i, end - start, kind, { float: rules.momentum }];
      }),
    );
    this.#machine = make(arena.bytes);
    arena.fill(this.#machine);
  }

  /** Takes the networks of these trials, at rest; lanes without one repeat the last. */
  begin(problem: Problem, trials: readonly Trial[]): void {
    const { floats } = this.#machine;
    const { v, stepSizes } = this.#places;
    floats.fill(0, v / 4, v / 4 + QUAD * this.#size);
    const parts = partsOf(problem, trials);
    const ofLane = (lane: number) => Math.min(Math.floor(lane / this.#lanes), trials.length - 1);
    for (let k = 0; k < this.networks; k++) {
      const sizes = parts.map((part) => part.stepSizes[ofLane(k * this.#lanes)]);
      this.#write(stepSizes, k, Float32Array.from(sizes));
    }
    this.#initialize(
      problem,
      Array.from({ length: QUAD }, (_, lane) => trials[ofLane(lane)]),
    );
  }

  /** @param trials of each lane */
  #initialize(problem: Problem, trials: readonly Trial[]): void {
    const { w } = this.#places;
    const { draw, floats } = this.#machine;
    const { initialization } = problem.network;
    const layers = layersOf(problem.model ?? 'mlp', problem.network).map((layer) => ({
      ...distributionOf(initialization, layer.inputs, layer.outputs),
      counts: [layer.weights.length, layer.biases.length],
    }));
    if (draw === undefined || layers.some((layer) => layer.draw !== 'uniform')) {
      for (let k = 0; k < this.networks; k++) this.#write(w, k, initialParameters(problem, trials[k * this.#lanes]));
      return;
    }
    // biases that are not drawn
    floats.fill(0, w / 4, w / 4 + QUAD * this.#size);
    let target = w;
    layers.forEach(({ scale, counts }, l) => {
      counts.forEach((count, of) => {
        if (of === 0 || initialization === 'pytorch-default') draw(target, trials, { count, part: 2 * l + of, scale });
        target += UNIT * count;
      });
    });
  }

  /** The next batch of network k: so many examples of all networks, the last one repeated where a network has more lanes. */
  load(k: number, { x, y, inputs, outputs }: Examples, rows: Int32Array): void {
    const { floats, words } = this.#machine;
    const lanes = this.#lanes;
    const put = (from: Float32Array, width: number, place: number, row: number, lane: number) => {
      for (let i = width * row, to = place / 4 + lane; i < width * (row + 1); i++, to += QUAD) floats[to] = from[i];
    };
    for (let e = 0; e < lanes; e++) {
      const row = rows[Math.min(e, rows.length - 1)];
      put(x, inputs, this.#places.x, row, k * lanes + e);
      put(y, outputs, this.#loss.y, row, k * lanes + e);
      words[this.#loss.mask / 4 + k * lanes + e] = e < rows.length ? -1 : 0;
    }
    if (rows.length === this.#count) return;
    this.#count = rows.length;
    this.#loss.setCount(this.#machine, [this.#gradient], rows.length);
  }

  /** Losses and gradients of all. */
  evaluate(): void {
    this.#run(this.#gradient);
  }

  loss(k: number): number {
    return this.#loss.mean(this.#at(this.#places.g + UNIT * this.#size, k), this.#count);
  }

  /** Whether loss and gradient of network k are finite. Where they are not, `Executor` may have come to others. */
  isFinite(k: number): boolean {
    return this.#at(this.#places.check, k) === 0;
  }

  setGradient(k: number, gradient: Float32Array): void {
    this.#write(this.#places.g, k, gradient);
  }

  parametersOf(k: number): Float32Array {
    const { w } = this.#places;
    return Float32Array.from({ length: this.#size }, (_, i) => this.#at(w + UNIT * i, k));
  }

  /** A step of all, by their gradients. */
  descend(): void {
    this.#run(this.#descent);
  }

  /** A value of network k, at the place of those of all. */
  #at(place: number, k: number): number {
    return this.#machine.floats[place / 4 + k * this.#lanes];
  }

  #write(place: number, k: number, values: Float32Array): void {
    const { floats } = this.#machine;
    const first = place / 4 + k * this.#lanes;
    for (let i = 0; i < values.length; i++) {
      for (let lane = 0; lane < this.#lanes; lane++) floats[first + QUAD * i + lane] = values[i];
    }
  }

  #run({ address, instructions }: Program): void {
    this.#machine.execute(address, instructions.length, 0);
  }
}
