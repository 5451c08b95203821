import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PageEvent } from './wire.ts';

/** A page that reads so slowly is cut off; it connects again and receives everything. */
const MOST_WAITING = 1 << 20;
const ALIVE_MS = 15_000;

/** The pages that listen, by server-sent events. */
export class EventStreams {
  readonly #open = new Set<ServerResponse>();
  readonly #timer = setInterval(() => this.#write(': alive\n\n'), ALIVE_MS).unref();

  get count(): number {
    return this.#open.size;
  }

  /** @param first everything that there is to know */
  add(request: IncomingMessage, response: ServerResponse, first: PageEvent): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', Connection: 'keep-alive' });
    response.write(`retry: 1000\n${eventText('all', first)}`);
    this.#open.add(response);
    request.on('close', () => this.#open.delete(response));
  }

  tell(event: PageEvent): void {
    if (this.#open.size > 0) this.#write(eventText('changed', event));
  }

  close(): void {
    clearInterval(this.#timer);
    for (const response of this.#open) response.destroy();
  }

  #write(text: string): void {
    for (const response of this.#open) {
      if (response.writableLength > MOST_WAITING) response.destroy();
      else response.write(text);
    }
  }
}

const eventText = (name: string, event: PageEvent): string => `event: ${name}\ndata: ${JSON.stringify(event)}\n\n`;
