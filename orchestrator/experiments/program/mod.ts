import type { View } from '../view.ts';
import { numberOf } from './read.ts';

const MOST_SHOWN = 6;

export const program: View<'program'> = {
  table: async (...asked) => (await import('./table.ts')).programTable(...asked),
  choosesValues: true,
  figure: async (...asked) => (await import('./figure.ts')).drawProgram(...asked),
  measures: {
    value: ({ search, values }) => search?.value ?? Object.values(values)[0] ?? null,
  },
  named: ({ program: { metrics } }) => Object.keys(metrics),
  measure: (name) => (result) => numberOf(result, name),
  isBound: ({ search }) => search !== null && (search.end === 'ceiling' || search.rung === 0),
  describe({ values, search }) {
    const found = search === null ? [] : [`value ${search.value} (rung ${search.rung}): ${search.end}`];
    const numbers = Object.entries(values).map(([name, value]) => `${name} ${value}`);
    const more = numbers.length > MOST_SHOWN ? [`${numbers.length - MOST_SHOWN} more`] : [];
    return [...found, ...numbers.slice(0, MOST_SHOWN), ...more].join(', ') || 'done';
  },
};
