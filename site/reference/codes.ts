import { ERROR_CODES } from '../../shared/error-codes.ts';
import { EXIT_CODES } from '../../shared/mod.ts';
import { code, page, prose, table } from './markdown.ts';

/** Exit codes, and error codes with what to do. */
export function codesPage(): string {
  const exits = Object.values(EXIT_CODES).map((exit) => [String(exit.code), prose(exit.meaning)]);
  const errors = Object.entries(ERROR_CODES)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { exit, when, fix }]) => [code(name), String(exit), prose(when), prose(fix)]);
  return page(
    'Exit codes and error codes',
    'An error names its code, where it is, what was expected, what was found, and a fix for this very case. With `--json` it is an object with' +
      '\n`event: error`, and in the [JavaScript API](api.md) an `EdgesweepError` with the same fields. The table has the general advice.',
    '## Exit codes',
    table(['code', 'meaning'], exits),
    '## Error codes',
    table(['code', 'exit code', 'when', 'what to do'], errors),
  );
}
