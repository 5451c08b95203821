import { useMemo, useState } from 'preact/hooks';
import type { RunDetails, RunLosses } from '../wire.ts';
import { Exports } from './exports.tsx';
import { shortNumber } from './format.ts';
import { Panel } from './panel.tsx';
import type { PanelLines } from './panels.ts';
import { TroubleBox } from './parts.tsx';
import { csvBlob, fileName, pngBlob, svgBlob } from './save.ts';
import { seriesSvg } from './series-file.ts';
import { source } from './store.ts';
import { colorsOf, useDark, useLoaded } from './use.ts';

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
  const isDark = useDark();
  const { value, trouble } = useLoaded(`${id} ${cell} ${run} ${rung}`, () => source().losses(id, cell, run, rung));
  const panel = useMemo(() => value && panelOf(value), [value]);
  if (trouble !== undefined) return <TroubleBox trouble={trouble} />;
  if (value === undefined || panel === undefined) return <p class="quiet">computing …</p>;
  const file = fileName('losses', cell, run, value.rung);
  const svg = () => seriesSvg(`cell ${cell}, run ${run}`, [panel], isDark, colorsOf(document.body));
  return (
    <>
      <Panel {...panel} onZoom={ignore} />
      <Exports
        what="the losses"
        formats={[
          { label: 'PNG', file: `${file}.png`, make: () => pngBlob(svg()) },
          { label: 'SVG', file: `${file}.svg`, make: () => svgBlob(svg()) },
          {
            label: 'CSV',
            file: `${file}.csv`,
            make: () => csvBlob([['iteration', 'loss'], ...value.losses.map((loss, i) => [i + 1, loss])]),
          },
        ]}
      />
    </>
  );
}

function panelOf({ rung, stepSize, losses }: RunLosses): PanelLines {
  const x = losses.map((_, i) => i + 1);
  const line = { label: `loss at step size ${shortNumber(stepSize)}`, x, y: losses, run: 0, isBound: false };
  return { title: `loss of rung ${rung}, before each update`, isLog: true, lines: [line] };
}

const ignore = () => {};
