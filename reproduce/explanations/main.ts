/**
 * Explanations of the claims that do not hold or cannot be told, each tested; writes its part of the file that `--markdown` names, and keeps
 * numbers in the folder of `--out`: remove a file there to compute it anew. `--only relu-depth,printed-values` computes these and
 * prints them, and writes no file.
 */
import { parseArgs } from 'node:util';
import { describeMachine } from '../../bench/speed/machine.ts';
import { writePart } from '../document.ts';
import { type Explanation, explain } from './explanation.ts';
import { imageScaling } from './image-scaling.ts';
import { inverseSharpness } from './inverse-sharpness.ts';
import { layers } from './layers.ts';
import { moreRuns } from './more-runs.ts';
import { outputBias } from './output-bias.ts';
import { printedValues } from './printed-values.ts';
import { reluDepth, reluDepthSingle } from './relu-depth.ts';

const { values: options } = parseArgs({
  options: {
    markdown: { type: 'string' },
    out: { type: 'string', default: 'results/explanations' },
    'data-dir': { type: 'string' },
    only: { type: 'string' },
  },
});
const only = options.only?.split(',');
const context = { out: options.out, data: options['data-dir'] };
const wanted = (name: string) => only === undefined || only.includes(name);
const sections: string[] = [];
async function add<Numbers>(explanation: Explanation<Numbers>): Promise<void> {
  if (!wanted(explanation.name)) return;
  process.stderr.write(`${new Date().toISOString()} ${explanation.name}\n`);
  sections.push(await explain(explanation, context));
}
await add(reluDepth);
await add(reluDepthSingle);
await add(printedValues);
await add(outputBias);
await add(moreRuns);
await add(inverseSharpness);
await add(layers);
await add(imageScaling);

const { revision, node } = await describeMachine();
const report = `# Explanations

Made by \`make reproduce-explanations\`, revision ${revision}, Node ${node}. Why claims above do not hold or cannot be told, each
tested; and how likely the printed values are. The thresholds are those of the claims. All of it is on synthetic data, except where it says so.

${sections.join('\n')}`;
process.stdout.write(report);
if (options.markdown !== undefined && only === undefined) writePart(options.markdown, 'explanations', report);
