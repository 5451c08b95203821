import { EdgesweepError } from '../../shared/mod.ts';
import { FORMATS, type Format } from '../report/mod.ts';
import { listOption, splitList } from './common.ts';

export type FormatFlags = { format?: readonly string[] | undefined; json?: boolean };

export const formatOption = {
  ...listOption,
  describe: `${Object.keys(FORMATS).join(', ')}; one or more, separated by commas`,
} as const;

/** The formats of the flags; default: the terminal's. @throws EdgesweepError USAGE */
export function formatsOf({ format = ['terminal'], json = false }: FormatFlags): Format[] {
  if (json) return ['json'];
  return splitList(format).map((name) => {
    if (Object.hasOwn(FORMATS, name)) return name as Format;
    throw new EdgesweepError('USAGE', `there is no format \`${name}\``, {
      where: '--format',
      expected: `one or more of ${Object.keys(FORMATS).join(', ')}`,
      got: name,
    });
  });
}
