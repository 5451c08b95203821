/** What all figures have in common, so that they look like figures of one paper. */

/** pixels */
export const LINE_WIDTH = 1.75;
/** Okabe and Ito's palette, dark to light, so that lines differ in grey as well; they differ in dashes and shapes besides. */
export const COLORS = ['#000000', '#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#999999'];
/** pixels drawn and left out in turn */
export const DASHES = [
  [1, 0],
  [6, 3],
  [2, 2],
  [8, 3, 2, 3],
  [4, 4],
  [1, 3],
  [10, 4],
  [3, 1],
];

/** One colour and dash for each line, also of more lines than there are colours. */
export const lineStyles = (count: number): { colors: string[]; dashes: number[][] } => ({
  colors: Array.from({ length: count }, (_, i) => COLORS[i % COLORS.length]),
  dashes: Array.from({ length: count }, (_, i) => DASHES[(i + Math.floor(i / COLORS.length)) % DASHES.length]),
});

export const SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json';

export const CONFIG = {
  background: 'white',
  // Verdana, where a viewer lacks the first, has the same widths
  font: 'DejaVu Sans, Verdana, sans-serif',
  padding: 12,
  title: { fontSize: 14, subtitleFontSize: 11, subtitleColor: '#444', subtitleLineHeight: 15 },
  axis: { labelFontSize: 11, titleFontSize: 12, titleFontWeight: 'normal', gridColor: '#e4e4e4' },
  legend: {
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    symbolStrokeWidth: LINE_WIDTH,
    symbolOpacity: 1,
    titleLimit: 0,
    symbolDash: [1, 0],
    orient: 'bottom',
  },
  view: { stroke: '#bbb' },
};

/** Letters in a line of the text above a figure that is two panels wide. */
const LETTERS = 72;

/** In lines no longer than `letters`, unless a word is. */
export const wrapped = (text: string, letters = LETTERS): string[] =>
  (text.match(new RegExp(`.{1,${letters}}(\\s|$)|\\S+`, 'g')) ?? [text]).map((line) => line.trimEnd());
