import { useState } from 'preact/hooks';
import type { RunNow, Standing, Trouble } from '../wire.ts';
import { counted, grouped } from './format.ts';
import { Audit, Question, TroubleBox } from './parts.tsx';
import { troubleFrom } from './source.ts';
import { audit, overview, source } from './store.ts';

type Action = { label: string; does(run: RunNow): string; isPossible(run: RunNow): boolean };

const ACTIONS: Readonly<Record<string, Action>> = {
  pause: {
    label: 'Pause',
    does: ({ running, pending }) =>
      `Its threads finish ${counted(running, 'task')} in flight; ${counted(pending, 'pending task')} wait until it is resumed.`,
    isPossible: ({ state, canPause }) => canPause && state === 'running',
  },
  resume: {
    label: 'Resume',
    does: ({ pending }) => `Its threads continue with ${counted(pending, 'pending task')}.`,
    isPossible: ({ state, canPause }) => canPause && state === 'paused',
  },
  drain: {
    label: 'Drain',
    does: ({ running, pending }) =>
      `It finishes ${counted(running, 'task')} in flight and ends; ${counted(pending, 'pending task')} stay for the next run.`,
    isPossible: ({ state }) => state !== 'draining',
  },
};

/** The run of this machine that writes to the directory: what it does, what it can be asked for, and what was asked. */
export function Run({ standing: { id, name, run } }: { standing: Standing }) {
  const [asked, ask] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const lines = audit.value.filter(({ sweep }) => sweep === id);
  const act = async (action: string) => {
    ask(null);
    try {
      await source().actOnRun?.(action, id);
      setTrouble(null);
    } catch (error) {
      setTrouble(troubleFrom(error));
    }
  };
  const isReadOnly = overview.value?.readOnly ?? true;
  return (
    <>
      {run !== null && (
        <p class="run">
          <span class="number">
            {run.state}: {grouped(run.running)} in flight, {grouped(run.pending)} pending
          </span>{' '}
          {!isReadOnly &&
            Object.entries(ACTIONS).map(([action, { label, isPossible }]) => (
              <button
                key={action}
                type="button"
                aria-label={`${label} the run of ${name}`}
                disabled={!isPossible(run)}
                onClick={() => ask(action)}
              >
                {label}
              </button>
            ))}
        </p>
      )}
      {asked !== null && run !== null && (
        <Question
          label={`${asked} the run of ${name}`}
          text={
            <>
              {ACTIONS[asked].label} the run of <strong>{name}</strong>? {ACTIONS[asked].does(run)}
            </>
          }
          verb={ACTIONS[asked].label}
          onYes={() => void act(asked)}
          onNo={() => ask(null)}
        />
      )}
      {trouble !== null && <TroubleBox trouble={trouble} />}
      {lines.length > 0 && <Audit lines={lines} />}
    </>
  );
}
