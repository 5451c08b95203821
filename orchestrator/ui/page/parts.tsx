import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { AuditLine, SweepState, TableLayout, Trouble } from '../wire.ts';
import { grouped, moment } from './format.ts';

const STATES: Record<SweepState, string> = {
  reading: 'reading',
  running: 'running',
  paused: 'paused',
  complete: 'complete',
  partial: 'partial',
  unreadable: 'unreadable',
};

/** A state by word and shape, not by colour alone. */
export function State({ state }: { state: SweepState }) {
  return <span class={`state ${state}`}>{STATES[state]}</span>;
}

export function Bar({ done, total, label }: { done: number; total: number; label: string }) {
  return <progress class="bar" max={Math.max(1, total)} value={done} aria-label={label} />;
}

/** `12 of 240`, with the room that `240 of 240` takes. */
export function DoneOf({ done, total, after = '' }: { done: number; total: number; after?: string }) {
  const room = `${2 * grouped(total).length + 4 + after.length}ch`;
  return (
    <span class="number room" style={{ minWidth: room }} data-done={after === '' ? undefined : done}>
      {`${grouped(done)} of ${grouped(total)}${after}`}
    </span>
  );
}

export function TroubleBox({ trouble }: { trouble: Trouble }) {
  const { code, message, where, expected, got, fix, since } = trouble;
  const facts = { where, expected, got, fix };
  return (
    <div class="trouble" role="alert">
      <strong>{message}</strong>{' '}
      <span class="quiet">
        [{code}] since {moment(since)}
      </span>
      <dl>
        {Object.entries(facts).map(([name, value]) =>
          value === undefined ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
    </div>
  );
}

/** @param text as it is when the button is pressed */
export function Copy({ text, label }: { text(): string; label: string }) {
  const [said, say] = useState('');
  const copy = async () => {
    await navigator.clipboard.writeText(text()).then(
      () => say('copied'),
      () => say('the browser refuses to copy'),
    );
    setTimeout(() => say(''), 2000);
  };
  return (
    <button type="button" onClick={() => void copy()}>
      <span role="status">{said === '' ? label : said}</span>
    </button>
  );
}

export type HeadColumn = {
  name: string;
  class?: string | undefined;
  order?: 'ascending' | 'descending' | undefined;
  /** instead of the name */
  content?: ComponentChildren;
};

/** The heading of a table. */
export function Head({ columns, index }: { columns: readonly HeadColumn[]; index?: number }) {
  return (
    <thead>
      <tr aria-rowindex={index}>
        {columns.map(({ name, class: className, order, content }, i) => (
          <th key={`${i} ${name}`} scope="col" class={className} aria-sort={order}>
            {content ?? name}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** Asks before something is done, with what it does; the keyboard is there at once. */
export function Question({ label, text, verb, onYes, onNo }: QuestionProps) {
  return (
    <div class="question" role="alertdialog" aria-label={label}>
      <p>{text}</p>
      <button type="button" ref={(button) => button?.focus()} onClick={onYes}>
        {verb}
      </button>{' '}
      <button type="button" onClick={onNo}>
        Leave it
      </button>
    </div>
  );
}

type QuestionProps = { label: string; text: ComponentChildren; verb: string; onYes(): void; onNo(): void };

/** What was done from this page, the last first. */
export function Audit({ lines }: { lines: readonly AuditLine[] }) {
  return (
    <div role="log">
      <ol class="audit">
        {lines.map(({ at, text }) => (
          <li key={`${at} ${text}`}>
            <time>{moment(at)}</time> {text}
          </li>
        ))}
      </ol>
    </div>
  );
}

/** Rows of a table in the document. */
const MOST_ROWS = 1000;

/** A table as `edgesweep table` lays it out. */
export function Layout({ layout }: { layout: TableLayout }) {
  const { head, align, body, notes } = layout;
  // every column of numbers has the room of the longest one, so that one more value moves nothing
  const longest = body
    .flat()
    .reduce((most, text, i) => (align[i % head.length] === 'right' ? Math.max(most, text.length) : most), 0);
  const room = { minWidth: `${longest + 3}ch` };
  return (
    <>
      <Scroll label={layout.title}>
        <table>
          <Head columns={head.map((name, i) => ({ name, class: align[i] }))} />
          <tbody>
            {body.slice(0, MOST_ROWS).map((row, i) => (
              <tr key={i}>
                {row.map((text, j) => (
                  <td key={j} class={align[j]} style={align[j] === 'right' ? room : undefined}>
                    {text}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {body.length > MOST_ROWS && (
        <p class="note">
          the first {MOST_ROWS} of {body.length} rows; the saved files have all
        </p>
      )}
      {notes.map((note) => (
        <p class="note" key={note}>
          {note}
        </p>
      ))}
    </>
  );
}

/** What may be wider than the window scrolls by itself, with the keyboard too. */
export function Scroll({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by the keyboard
    <section class="scroll" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}

/** What a program wrote; its end is in sight first, where an error stands. */
export function Log({ text }: { text: string }) {
  const box = useRef<HTMLPreElement>(null);
  useEffect(() => {
    box.current?.scrollTo(0, box.current.scrollHeight);
  }, [text]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by the keyboard
    <pre class="log" ref={box} tabIndex={0}>
      {text}
    </pre>
  );
}
