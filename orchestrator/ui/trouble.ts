import { EdgesweepError, messageOf, visible } from '../../shared/mod.ts';
import type { Trouble } from './wire.ts';

/** An error as the page shows it. */
export function troubleOf(error: unknown, since = Date.now()): Trouble {
  if (!(error instanceof EdgesweepError)) return { code: 'INTERNAL', message: visible(messageOf(error)), since };
  const { code, message, details } = error;
  const text = (value: string | undefined) => value && visible(value);
  const { where, expected, got, fix } = details;
  return {
    code,
    message: visible(message),
    where: text(where),
    expected: text(expected),
    got: text(got),
    fix: text(fix),
    since,
  };
}
