import { MOST_REFUSED, type Refusal } from '../../../shared/protocol/mod.ts';
import type { SetAside } from '../../directory/mod.ts';

/** The nodes that must take no tasks of a sweep. The server's list names them; results of nodes that ignore it are refused. */
export class Refusals {
  readonly #refused = new Map<Refusal['key'], Refusal>();

  /** @param setAside nodes that gave wrong results before */
  constructor(setAside: readonly SetAside[]) {
    for (const { key, node } of setAside) this.#refused.set(key, { key, node, why: 'differs' });
  }

  /** @returns whether the node was not among them, and there was room */
  add(refusal: Refusal): boolean {
    const isKnown = this.#refused.get(refusal.key)?.why === refusal.why;
    // anyone may invent nodes that nobody trusts, and they must not keep one out that gives wrong results
    const isFull = this.#refused.size >= MOST_REFUSED && refusal.why === 'not-trusted';
    if (isKnown || isFull) return false;
    this.#refused.set(refusal.key, refusal);
    return true;
  }

  /** Did the node give a result that its task does not have? */
  isSetAside(key: string): boolean {
    return this.#refused.get(key)?.why === 'differs';
  }

  has(key: string): boolean {
    return this.#refused.has(key);
  }

  /** Are all of them among those? */
  areIn(told: readonly Refusal[]): boolean {
    const whys = new Map(told.map(({ key, why }) => [key, why]));
    return this.list().every(({ key, why }) => whys.get(key) === why);
  }

  /** Those that gave wrong results first. */
  list(): Refusal[] {
    const all = [...this.#refused.values()];
    const wrong = all.filter(({ why }) => why === 'differs');
    return [...wrong, ...all.filter(({ why }) => why !== 'differs')].slice(0, MOST_REFUSED);
  }
}
