import CliTable from 'cli-table3';
import type { Layout } from './layout.ts';

const RULE = '─';
const NO_BORDERS = {
  ...{ 'top-mid': '', 'top-left': '', 'top-right': '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', right: '', 'right-mid': '', middle: '  ' },
  ...{ top: RULE, mid: RULE, 'mid-mid': RULE + RULE, bottom: RULE },
};

/** @param color write the title and the headings bold, see `wantsColor` */
export function renderTerminal({ title, source, head, align, body, notes }: Layout, color: boolean): string {
  const bold = (text: string) => (color ? `\u001b[1m${text}\u001b[22m` : text);
  const table = new CliTable({
    head: head.map(bold),
    colAligns: align,
    chars: { ...NO_BORDERS, 'top-mid': RULE + RULE, 'bottom-mid': RULE + RULE },
    // its own colours off: whether to colour is decided here
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...body);
  const lines = [bold(title), ...(source === null ? [] : [source]), table.toString(), ...notes];
  return `${lines.join('\n')}\n`;
}

/** Colour only for a terminal, and not where NO_COLOR is set to anything (https://no-color.org). */
export function wantsColor(stream: { isTTY?: boolean }, environment: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && !environment.NO_COLOR;
}
