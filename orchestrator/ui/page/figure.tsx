import { useEffect, useRef, useState } from 'preact/hooks';
import { type Export, Exports } from './exports.tsx';
import { explain, KIND, LABEL } from './hover.ts';
import { TroubleBox } from './parts.tsx';
import { fileName, pngBlob } from './save.ts';
import { source } from './store.ts';
import { useDark, useMade } from './use.ts';

/** No text is smaller than 12 pixels; the figures of a paper have 11. */
const LARGER = 12 / 11;
const MOST_ZOOM = 7;

/** The figure of sweeps as `edgesweep plot` draws it; it answers to the pointer with the values under it. */
export function Figure({ ids, title }: { ids: readonly string[]; title: string }) {
  const isDark = useDark();
  const { value: svg, trouble } = useMade(ids, `${ids.join(' ')} ${isDark}`, () => source().figure(ids, isDark));
  const box = useRef<HTMLDivElement>(null);
  const [said, say] = useState('');
  const [size, setSize] = useState([0, 0]);
  const [zoom, setZoom] = useState(1);
  useEffect(() => {
    if (svg === undefined) return;
    const drawn = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
    setSize(['width', 'height'].map((side) => Number(drawn.getAttribute(side))));
    named(drawn);
    drawn.setAttribute('role', 'img');
    drawn.setAttribute('aria-label', `figure: ${title}`);
    box.current?.replaceChildren(document.importNode(drawn, true));
  }, [svg, title]);
  useEffect(() => {
    const drawn = box.current?.querySelector('svg');
    for (const [i, side] of ['width', 'height'].entries()) drawn?.setAttribute(side, String(size[i] * LARGER * zoom));
  }, [size, zoom]);
  return (
    <figure class="drawn">
      {trouble !== undefined && <TroubleBox trouble={trouble} />}
      <section
        class="figure-box"
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by the keyboard
        tabIndex={0}
        aria-label={`drawing of ${title}`}
        onMouseMove={(event) => say(explain(event))}
        onMouseLeave={() => say('')}
      >
        {svg === undefined && trouble === undefined && <p class="quiet">drawing …</p>}
      </section>
      <p class="readout">{said}</p>
      <div class="controls">
        <button type="button" disabled={zoom <= 1} onClick={() => setZoom(zoom / 1.5)}>
          Smaller
        </button>
        <button type="button" disabled={zoom >= MOST_ZOOM} onClick={() => setZoom(zoom * 1.5)}>
          Larger
        </button>
      </div>
      <Exports what="the figure" formats={formatsOf(ids, title, svg)} />
    </figure>
  );
}

/** A picture has one name; the words for its parts are kept for the pointer. */
function named(drawn: Element): void {
  for (const part of drawn.querySelectorAll('[role], [aria-label]')) {
    const [label, kind] = ['aria-label', 'aria-roledescription'].map((name) => part.getAttribute(name));
    for (const name of ['role', 'aria-label', 'aria-roledescription']) part.removeAttribute(name);
    if (label !== null) part.setAttribute(LABEL, label);
    if (kind !== null) part.setAttribute(KIND, kind);
  }
}

/** Those that the server makes; without one, what can be made of the drawing. */
function formatsOf(ids: readonly string[], title: string, svg: string | undefined): Export[] {
  const name = fileName(title.slice(0, 40), 'figure');
  const what = ids.length === 1 ? `sweeps/${ids[0]}/figure?` : `figure?sweeps=${ids.join(',')}&`;
  const formats = Object.entries(FORMATS).flatMap(([format, label]): Export[] => {
    const href = source().download(`${what}format=${format}`);
    return href === undefined ? [] : [{ label, href, file: `${name}.${format}` }];
  });
  if (svg !== undefined && !formats.some(({ label }) => label === FORMATS.png))
    formats.push({ label: FORMATS.png, file: `${name}.png`, make: () => pngBlob(svg) });
  return formats;
}

const FORMATS = { svg: 'SVG', png: 'PNG', csv: 'CSV', 'vl.json': 'Vega-Lite' };
