import type { Block, Direction, Objective } from '../../engines/mod.ts';

/** An objective whose products and outputs are those at one point, the anchor, wherever it was evaluated since. */
export class Anchored implements Objective {
  readonly blocks: readonly Block[];
  readonly size: number;
  readonly #objective: Objective;
  readonly #spare: Float32Array;
  #anchor: Float32Array;
  #away = false;

  constructor(objective: Objective) {
    this.blocks = objective.blocks;
    this.size = objective.size;
    this.#objective = objective;
    this.#spare = new Float32Array(objective.size);
    this.#anchor = this.#spare;
  }

  /** As `evaluate`; w becomes the anchor, and must not change before the next one. */
  anchor(w: Float32Array, gradient: Float32Array): number {
    this.#anchor = w;
    this.#away = false;
    return this.#objective.evaluate(w, gradient);
  }

  /** w becomes the anchor, and is not evaluated before it is asked for. */
  moveTo(w: Float32Array): void {
    this.#anchor = w;
    this.#away = true;
  }

  loss(w: Float32Array): number {
    this.#away = true;
    return this.#objective.loss(w);
  }

  evaluate(w: Float32Array, gradient: Float32Array): number {
    this.#away = true;
    return this.#objective.evaluate(w, gradient);
  }

  multiply(directions: readonly Direction[]): void {
    this.#return();
    this.#objective.multiply(directions);
  }

  outputs(target: Float32Array): void {
    this.#return();
    this.#objective.outputs(target);
  }

  #return(): void {
    if (this.#away) this.#objective.evaluate(this.#anchor, this.#spare);
    this.#away = false;
  }
}
