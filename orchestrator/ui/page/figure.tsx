import { useEffect, useRef, useState } from 'preact/hooks';
import { explain } from './hover.ts';
import { TroubleBox } from './parts.tsx';
import { source } from './store.ts';
import { useDark, useMade } from './use.ts';

/** The figure of sweeps as `edgesweep plot` draws it; it answers to the pointer with the values under it. */
export function Figure({ ids, title }: { ids: readonly string[]; title: string }) {
  const isDark = useDark();
  const { value: svg, trouble } = useMade(ids, `${ids.join(' ')} ${isDark}`, () => source().figure(ids, isDark));
  const box = useRef<HTMLDivElement>(null);
  const [said, say] = useState('');
  useEffect(() => {
    if (svg === undefined) return;
    const drawn = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
    // no text smaller than 12 pixels; the figures of the paper have 11
    for (const side of ['width', 'height'])
      drawn.setAttribute(side, String(Number(drawn.getAttribute(side)) * (12 / 11)));
    drawn.setAttribute('role', 'img');
    drawn.setAttribute('aria-label', `figure: ${title}`);
    box.current?.replaceChildren(document.importNode(drawn, true));
  }, [svg, title]);
  return (
    <figure class="drawn">
      {trouble !== undefined && <TroubleBox trouble={trouble} />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the values are also in the table */}
      <div class="figure-box" ref={box} onMouseMove={(event) => say(explain(event))} onMouseLeave={() => say('')}>
        {svg === undefined && trouble === undefined && <p class="quiet">drawing …</p>}
      </div>
      <p class="readout">{said}</p>
      <Exports what={ids.length === 1 ? `sweeps/${ids[0]}/figure?` : `figure?sweeps=${ids.join(',')}&`} />
    </figure>
  );
}

function Exports({ what }: { what: string }) {
  const address = (format: string) => source().download(`${what}format=${format}`);
  const formats = ['svg', 'png', 'vl.json'].filter((format) => address(format) !== undefined);
  return (
    <p class="exports">
      save as{' '}
      {formats.map((format) => (
        <a key={format} href={address(format)} download={`figure.${format}`}>
          {format === 'vl.json' ? 'Vega-Lite' : format.toUpperCase()}
        </a>
      ))}
    </p>
  );
}
