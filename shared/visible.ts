/** What a terminal, a pager or an editor acts on instead of showing it: controls, and characters that change the order or end of lines. */
const ACTS = /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
/** Colours, cursor movements (7 and 8 save and restore the place) and clearing, as progress and tables write them for a terminal. Nothing that sets titles or clipboards. */
const OWN = new RegExp(`${'\u001b'}(\\[[0-9;?]*[A-Za-z]|[78])|\r`, 'g');

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The text with every such character as an escape; line breaks and tabs stay. The escapes are also those of JSON. */
export const visible = (text: string): string => text.replace(ACTS, escaped);

/** Text from elsewhere (a file, a node, a server) for a place in a line: it neither ends the line nor acts on a terminal. */
export const oneLine = (text: string): string => visible(text.replace(/\s+/gu, ' ').trim());

/** What is left to write to a terminal: there our own sequences act. */
export function visibleOnTerminal(text: string): string {
  let shown = '';
  let end = 0;
  for (const { 0: own, index } of text.matchAll(OWN)) {
    shown += visible(text.slice(end, index)) + own;
    end = index + own.length;
  }
  return shown + visible(text.slice(end));
}
