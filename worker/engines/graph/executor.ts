import type { Block, Direction } from '../objective.ts';
import { sizeOf } from '../objective.ts';
import type { Examples } from '../problem.ts';
import { Arena, type Machine, type Program } from './arena.ts';
import { type GraphProblem, lossOf } from './losses.ts';
import { GRAPH_MODELS, layersOf } from './models.ts';
import { type Instruction, QUAD, UNIT } from './operations.ts';
import { PARAMETER } from './tables.ts';
import { type Matrix, type Scope, Tape } from './tape.ts';

/** Makes the machine of an engine. @throws EdgesweepError NETWORK_TOO_LARGE */
export type MakeMachine = (bytes: number) => Machine;

/**
 * Loss, gradient and Hessian products of a network on a batch of examples, on the machine of any engine: 16 examples at a time, all of the
 * program. What products need of a point is computed again with them, which takes less than reading it from memory would.
 */
export class Executor {
  readonly blocks: readonly Block[];
  readonly size: number;
  readonly #machine: Machine;
  readonly #outputs: number;
  readonly #loss: ReturnType<typeof lossOf>;
  readonly #places: { z: number; w: number; x: number; y: number; mask: number; loss: number; total: number };
  readonly #vectors: Map<Scope, { v: number; g: number; bytes: number }>;
  readonly #programs: {
    forward: Program;
    gradient: Program;
    point: Program;
    products: Record<Matrix, Map<Scope, Program>>;
  };
  readonly #collects: Map<Scope, Program>;
  readonly #total: Program;
  #count = 0;

  /** @param most examples of a batch */
  constructor(make: MakeMachine, problem: GraphProblem, most: number) {
    const { network, model } = problem;
    this.blocks = graphBlocks(problem);
    this.size = sizeOf(this.blocks);
    const { blocks, size } = this;
    const arena = new Arena();
    const quads = Math.ceil(most / QUAD);
    const { inputs, outputs } = network;
    this.#outputs = outputs;
    const places = {
      z: 0,
      w: arena.take(4 * size),
      x: arena.take(UNIT * inputs * quads),
      y: arena.take(UNIT * outputs * quads),
      mask: arena.take(UNIT * quads),
      loss: arena.take(UNIT),
      total: arena.take(4),
    };
    this.#places = places;
    const lengthOf = (scope: Scope) => (scope === 'all' ? size : blocks[scope].length);
    const scopes: Scope[] = ['all', ...blocks.keys()];
    const vectors = new Map(
      scopes.map((scope) => [
        scope,
        { v: arena.take(4 * lengthOf(scope)), g: arena.take(UNIT * lengthOf(scope)), bytes: UNIT * lengthOf(scope) },
      ]),
    );
    this.#vectors = vectors;
    const tape = new Tape(arena, {
      bytes: PARAMETER,
      of(layer, scope) {
        const { v, g } = vectors.get(scope)!;
        const start = scope === 'all' ? blocks[layer].offset : 0;
        return { w: places.w + 4 * blocks[layer].offset, v: v + 4 * start, g: g + UNIT * start };
      },
    });
    const x = tape.value(inputs);
    const z = GRAPH_MODELS[model].record(tape, x, network);
    places.z = z.h;
    const loss = lossOf(problem, arena, z);
    this.#loss = loss;
    const load: Instruction[] = [
      ['copy', x.h, places.x, inputs, UNIT * inputs],
      ['copy', loss.y, places.y, outputs, UNIT * outputs],
      ['copy', loss.mask, places.mask, 1, UNIT],
    ];
    const products = (matrix: Matrix) =>
      new Map(
        scopes.map((scope) => [
          scope,
          arena.program([...tape.rForward(scope), loss.rForward(), ...tape.rBackward(scope, matrix)]),
        ]),
      );
    const forward = [...load, ...tape.forward(), loss.forward(places.loss)];
    this.#programs = {
      forward: arena.program(forward),
      gradient: arena.program([...forward, ...tape.backward(true)]),
      point: arena.program([...forward, ...tape.backward(false)]),
      products: { hessian: products('hessian'), 'gauss-newton': products('gauss-newton') },
    };
    this.#collects = new Map(
      [...vectors].map(([scope, { v, g }]) => [scope, arena.program([['collect', g, v, lengthOf(scope)]])]),
    );
    this.#total = arena.program([['collect', places.loss, places.total, 1]]);
    this.#machine = make(arena.bytes);
    arena.fill(this.#machine);
  }

  /** Takes these examples, in this order, for what is asked next; where none are named, all of them. */
  load({ x, y, inputs, outputs, count: most }: Examples, chosen?: Int32Array): void {
    const count = chosen?.length ?? most;
    this.#put(x, inputs, this.#places.x, count, chosen);
    this.#put(y, outputs, this.#places.y, count, chosen);
    const { words } = this.#machine;
    const quads = Math.ceil(count / QUAD);
    for (let e = 0; e < QUAD * quads; e++) words[this.#places.mask / 4 + e] = e < count ? -1 : 0;
    if (count === this.#count) return;
    this.#count = count;
    const { forward, gradient, point, products } = this.#programs;
    const all = Object.values(products).flatMap((of) => [...of.values()]);
    this.#loss.setCount(this.#machine, [forward, gradient, point, ...all], count);
  }

  /** Rows as [quad][unit][16 examples]; the last row is repeated where examples are missing. */
  #put(rows: Float32Array, width: number, place: number, count: number, chosen: Int32Array | undefined): void {
    const { floats } = this.#machine;
    for (let e = 0; e < QUAD * Math.ceil(count / QUAD); e++) {
      const from = Math.min(e, count - 1);
      const row = width * (chosen === undefined ? from : chosen[from]);
      let target = place / 4 + Math.floor(e / QUAD) * QUAD * width + (e % QUAD);
      for (let i = row; i < row + width; i++, target += QUAD) floats[target] = rows[i];
    }
  }

  loss(w: Float32Array): number {
    this.#set(w);
    this.#eachQuad([this.#programs.forward]);
    return this.#mean();
  }

  evaluate(w: Float32Array, gradient: Float32Array): number {
    this.#set(w);
    this.#clear('all');
    this.#eachQuad([this.#programs.gradient]);
    this.#collect('all', gradient);
    return this.#mean();
  }

  /** At the w of the last call of another method. */
  multiply(directions: readonly Direction[]): void {
    let left = [...directions];
    while (left.length > 0) {
      // each scope has room for one direction
      const round = new Map(left.toReversed().map((direction) => [direction.layer, direction]));
      for (const { layer, vector } of round.values()) {
        this.#machine.floats.set(vector, this.#vectors.get(layer)!.v / 4);
        this.#clear(layer);
      }
      const programs = [...round.values()].map(
        ({ layer, matrix }) => this.#programs.products[matrix ?? 'hessian'].get(layer)!,
      );
      this.#eachQuad([this.#programs.point, ...programs]);
      for (const { layer, product } of round.values()) this.#collect(layer, product);
      left = left.filter((direction) => round.get(direction.layer) !== direction);
    }
  }

  /** At the w of the last call of another method. */
  outputs(target: Float32Array): void {
    const { floats } = this.#machine;
    const outputs = this.#outputs;
    for (let e = 0; e < this.#count; e++) {
      if (e % QUAD === 0) this.#run(this.#programs.forward, e / QUAD);
      for (let o = 0; o < outputs; o++) {
        target[e * outputs + o] = floats[this.#places.z / 4 + QUAD * o + (e % QUAD)];
      }
    }
  }

  #set(w: Float32Array): void {
    const { floats } = this.#machine;
    floats.set(w, this.#places.w / 4);
    floats.fill(0, this.#places.loss / 4, this.#places.loss / 4 + QUAD);
  }

  #clear(scope: Scope): void {
    const { g, bytes } = this.#vectors.get(scope)!;
    this.#machine.floats.fill(0, g / 4, (g + bytes) / 4);
  }

  #eachQuad(programs: readonly Program[]): void {
    const quads = Math.ceil(this.#count / QUAD);
    for (let quad = 0; quad < quads; quad++) for (const program of programs) this.#run(program, quad);
  }

  #run({ address, instructions }: Program, quad = 0): void {
    this.#machine.execute(address, instructions.length, quad);
  }

  /** The sums of a gradient. */
  #collect(scope: Scope, target: Float32Array): void {
    this.#run(this.#collects.get(scope)!);
    const start = this.#vectors.get(scope)!.v / 4;
    target.set(this.#machine.floats.subarray(start, start + target.length));
  }

  #mean(): number {
    this.#run(this.#total);
    return this.#loss.mean(this.#machine.floats[this.#places.total / 4], this.#count);
  }
}

/** The parameters of each layer in the vector of all. */
export function graphBlocks({ model, network }: Pick<GraphProblem, 'model' | 'network'>): Block[] {
  let offset = 0;
  return layersOf(model, network).map(({ inputs, outputs, weights, biases }) => {
    const block = { offset, length: weights.length + biases.length, inputs, outputs };
    offset += block.length;
    return block;
  });
}
