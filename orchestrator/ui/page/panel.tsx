import { useEffect, useRef } from 'preact/hooks';
import { type Line, type PanelLines, styledLines } from './panels.ts';
import { useDark } from './use.ts';

const HEIGHT = 240;

type PanelProps = PanelLines & { onZoom(range: { from: number; to: number }): void };

export function Panel({ title, isLog, lines, onZoom }: PanelProps) {
  const box = useRef<HTMLDivElement>(null);
  const isDark = useDark();
  useEffect(() => {
    let end: (() => void) | undefined;
    let isOld = false;
    // loaded where there is a series only
    void import('./chart.ts').then(({ drawChart }) => {
      if (isOld || box.current === null) return;
      end = drawChart(box.current, { lines: styledLines(lines, isDark), isLog, height: HEIGHT, onZoom });
    });
    return () => {
      isOld = true;
      end?.();
    };
  }, [lines, isLog, isDark, onZoom]);
  return (
    <figure class="panel">
      <figcaption>{title}</figcaption>
      <div class="chart" ref={box} role="img" aria-label={`${title}: ${lines.map(summary).join('; ')}`} />
    </figure>
  );
}

/** A line in words. */
function summary({ label, y }: Line): string {
  const values = y.filter((value) => value !== null);
  if (values.length === 0) return `${label}: not measured`;
  const [first, last] = [values[0], values[values.length - 1]].map((value) => value.toPrecision(4));
  return `${label} from ${first} to ${last}`;
}
