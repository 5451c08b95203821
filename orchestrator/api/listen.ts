import { visible } from '../../shared/mod.ts';
import type { Reporter } from '../progress/mod.ts';
import type { RunEvent } from './types.ts';

/** What passes the events of a run on to a listener. */
type Listening = {
  reporter: Reporter;
  /** aborted once the listener has thrown */
  thrown: AbortSignal;
  /** throws what the listener has thrown */
  rethrow(): void;
};

/** A listener that throws hears no more. */
export function listen(onEvent: (event: RunEvent) => void = () => {}): Listening {
  const stop = new AbortController();
  const emit = (event: RunEvent): void => {
    if (stop.signal.aborted) return;
    try {
      onEvent(event);
    } catch (error) {
      stop.abort(error);
    }
  };
  const reporter: Reporter = {
    start: (progress) => emit({ type: 'start', progress }),
    update: (progress) => emit({ type: 'progress', progress }),
    note: (message) => emit({ type: 'note', message: visible(message) }),
    outcome: (outcome) => emit({ type: 'outcome', outcome }),
    failure: ({ task, error }) => emit({ type: 'failure', task, error }),
    finish: (progress) => emit({ type: 'finished', progress }),
  };
  return { reporter, thrown: stop.signal, rethrow: () => stop.signal.throwIfAborted() };
}
