import { visible, visibleOnTerminal } from '../shared/mod.ts';
import type { Output } from './commands/mod.ts';

/**
 * The same stream, in which no text reaches a terminal that acts on it: the last net, after foreign text was made visible where it was put into
 * a message. On a terminal, colours and cursor movements of our own pass. Bytes that are not text (`export --format parquet`) pass as they are.
 */
export function guarded(stream: Output): Output {
  const shown = stream.isTTY === true ? visibleOnTerminal : visible;
  const write = (part: string | Uint8Array, ...rest: never[]): boolean =>
    stream.write(typeof part === 'string' ? shown(part) : part, ...rest);
  return new Proxy(stream, {
    get(target, key) {
      if (key === 'write') return write;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
