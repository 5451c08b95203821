import { useState } from 'preact/hooks';
import type { RunDetails } from '../wire.ts';
import { shortNumber } from './format.ts';
import { TroubleBox } from './parts.tsx';
import { Panel } from './series-panels.tsx';
import { source } from './store.ts';
import { useLoaded } from './use.ts';

type Props = { id: string; details: RunDetails };

/** The losses of one rung of a search, computed again when somebody asks. */
export function Losses({ id, details: { cell, run, rung } }: Props) {
  const [wanted, want] = useState<number | null>(null);
  const last = rung ?? 0;
  return (
    <section aria-labelledby="losses">
      <h2 id="losses">Losses</h2>
      <div class="controls">
        <label>
          rung{' '}
          <input
            type="number"
            min={0}
            max={last}
            value={wanted ?? last}
            onChange={({ currentTarget }) => want(Math.min(last, Math.max(0, Math.round(Number(currentTarget.value)))))}
          />
        </label>
        <button type="button" onClick={() => want(wanted ?? last)}>
          Compute again
        </button>
      </div>
      {wanted !== null && <Curve id={id} cell={cell} run={run} rung={wanted} />}
    </section>
  );
}

function Curve({ id, cell, run, rung }: { id: string; cell: number; run: number; rung: number }) {
  const { value, trouble } = useLoaded(`${id} ${cell} ${run} ${rung}`, () => source().losses(id, cell, run, rung));
  if (trouble !== undefined) return <TroubleBox trouble={trouble} />;
  if (value === undefined) return <p class="quiet">computing …</p>;
  const lines = [
    {
      label: `loss at step size ${shortNumber(value.stepSize)}`,
      x: value.losses.map((_, i) => i + 1),
      y: value.losses,
      run: 0,
      isBound: false,
    },
  ];
  return <Panel title={`loss of rung ${value.rung}, before each update`} isLog lines={lines} onZoom={ignore} />;
}

const ignore = () => {};
