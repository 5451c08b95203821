import { visible } from '../../shared/mod.ts';
import { wantsColor } from '../report/mod.ts';
import type { Reporter } from './progress.ts';
import { barReporter, jsonReporter, lineReporter, quietReporter } from './reporters.ts';

export { crewOf, Meter, type Reporter } from './progress.ts';

type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** The reporter for these flags and this terminal. */
export function chooseReporter(
  flags: { quiet: boolean; json: boolean },
  surroundings: { stdout: Output; stderr: Output; env: NodeJS.ProcessEnv },
): Reporter {
  const reporter = reporterFor(flags, surroundings);
  return { ...reporter, note: (text) => reporter.note(visible(text)) };
}

function reporterFor(
  { quiet, json }: { quiet: boolean; json: boolean },
  { stdout, stderr, env }: { stdout: Output; stderr: Output; env: NodeJS.ProcessEnv },
): Reporter {
  if (json) return jsonReporter(stdout);
  if (quiet) return quietReporter(stderr);
  if (stderr.isTTY === true) return barReporter(stderr, wantsColor(stderr, env));
  return lineReporter(stderr, () => performance.now());
}
