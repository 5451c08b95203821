/** A bounded queue between those that push and one that iterates; `push` waits while it is full. */
export class Channel<T> {
  readonly #items: T[] = [];
  readonly #most: number;
  #closed = false;
  #pushed = (): void => {};
  #taken: (() => void)[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  async push(item: T): Promise<void> {
    while (this.#items.length >= this.#most && !this.#closed) {
      await new Promise<void>((resolve) => this.#taken.push(resolve));
    }
    if (this.#closed) return;
    this.#items.push(item);
    this.#pushed();
  }

  /** Pushes the item unless the queue is full. */
  offer(item: T): void {
    if (this.#items.length < this.#most) void this.push(item);
  }

  /** Ends the iteration, once what was pushed is taken, and lets those that wait go. */
  close(): void {
    this.#closed = true;
    this.#pushed();
    this.#release();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      while (this.#items.length > 0) {
        const item = this.#items.shift() as T;
        this.#release();
        yield item;
      }
      if (this.#closed) return;
      await new Promise<void>((resolve) => {
        this.#pushed = resolve;
      });
    }
  }

  #release(): void {
    const waiting = this.#taken;
    this.#taken = [];
    for (const resolve of waiting) resolve();
  }
}
