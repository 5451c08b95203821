import uPlot from 'uplot';
import { decades, tickText } from './ticks.ts';

export type ChartLine = { label: string; x: (number | null)[]; y: (number | null)[]; color: string; dash: number[] };

type Options = {
  lines: readonly ChartLine[];
  isLog: boolean;
  height: number;
  /** receives the iterations that were dragged over */
  onZoom(range: { from: number; to: number }): void;
};

/** Draws lines over iterations into the element, as wide as it is. @returns ends it */
export function drawChart(element: HTMLElement, { lines, isLog, height, onZoom }: Options): () => void {
  const style = getComputedStyle(element);
  const [ink, line] = ['--ink', '--line'].map((name) => style.getPropertyValue(name));
  const axis = {
    stroke: ink,
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line, width: 1 },
    font: '12px system-ui, sans-serif',
  };
  const positive = (values: (number | null)[]) =>
    isLog ? values.map((value) => (value !== null && value > 0 ? value : null)) : values;
  const tables = lines.map(({ x, y }) => [x, positive(y)] as unknown as uPlot.AlignedData);
  const plot = new uPlot(
    {
      width: element.clientWidth,
      height,
      scales: { x: { time: false }, y: { distr: isLog ? 3 : 1 } },
      axes: [
        axis,
        {
          ...axis,
          size: 62,
          values: (_plot, ticks) => ticks.map((tick) => (tick === null ? '' : tickText(tick))),
          ...(isLog && { splits: (_plot, _axis, low, high) => decades(low, high), filter: (_plot, ticks) => ticks }),
        },
      ],
      series: [
        { label: 'iteration' },
        ...lines.map(({ label, color, dash }) => ({
          label,
          stroke: color,
          dash,
          width: 1.75,
          spanGaps: true,
          points: { show: false },
        })),
      ],
      cursor: { drag: { x: true, y: false, setScale: false }, sync: { key: 'iterations' } },
      legend: { live: true },
      hooks: {
        setSelect: [
          ({ select, posToVal }) => {
            if (select.width < 4) return;
            const [from, to] = [posToVal(select.left, 'x'), posToVal(select.left + select.width, 'x')];
            if (to - from >= 2) onZoom({ from: Math.max(0, Math.floor(from) - 1), to: Math.ceil(to) });
          },
        ],
      },
    },
    tables.length === 1 ? tables[0] : uPlot.join(tables),
    element,
  );
  const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
  observer.observe(element);
  return () => {
    observer.disconnect();
    plot.destroy();
  };
}
