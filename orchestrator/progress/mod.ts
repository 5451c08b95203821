import { wantsColor } from '../report/mod.ts';
import type { Reporter } from './progress.ts';
import { barReporter, jsonReporter, lineReporter, quietReporter } from './reporters.ts';

export { crewOf, Meter, type Reporter, type Standing } from './progress.ts';

/** The reporter for these flags and this terminal. */
export function chooseReporter({ quiet, json }: { quiet: boolean; json: boolean }): Reporter {
  if (json) return jsonReporter(process.stdout);
  if (quiet) return quietReporter(process.stderr);
  if (process.stderr.isTTY) return barReporter(process.stderr, wantsColor(process.stderr, process.env));
  return lineReporter(process.stderr, () => performance.now());
}
