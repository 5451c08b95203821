import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine, idleWarning } from './machine.ts';

/** Progress, on standard error. */
export const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** What both benchmarks do before they time and after it: flags, the machine, the report in its places. */
export async function startBenchmark(help: string) {
  const { values: options } = parseArgs({
    options: { quick: { type: 'boolean' }, markdown: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (options.help) {
    process.stdout.write(help);
    process.exit(0);
  }
  const quick = options.quick ?? false;
  const machine = await describeMachine();
  const warning = idleWarning(machine);
  if (warning !== undefined) say(warning);
  return {
    quick,
    machine,
    effort: quick ? { rounds: 2, secondsPerSample: 0.01 } : { rounds: 11, secondsPerSample: 0.2 },
    /** @param prefix of the file with all numbers @param text the report, without its heading */
    finish(
      report: { date: string },
      { prefix, heading, text }: { prefix: string; heading: string; text: string },
    ): void {
      const folder = fileURLToPath(new URL('../results/', import.meta.url));
      mkdirSync(folder, { recursive: true });
      const time = report.date.slice(0, 19).replaceAll(':', '-');
      const file = join(folder, `${prefix}${time}-${machine.revision}.json`);
      writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
      say(`all numbers: ${relative(process.cwd(), file)}`);
      process.stdout.write(text);
      if (options.markdown !== undefined) writeFileSync(options.markdown, `# ${heading}\n\n${text}`);
      if (warning !== undefined) say(warning);
    },
  };
}
