import { join } from 'node:path';
import { EdgesweepError, EXIT } from '../../shared/mod.ts';
import { PANELS } from '../../shared/sweep/mod.ts';
import { makeDirectory, writeFileAtomically } from '../directory/mod.ts';
import { draw } from '../experiments/mod.ts';
import { renderPng, renderSvg } from '../figure/mod.ts';
import { at, type Command } from './command.ts';
import { listOption, splitList } from './options.ts';

const FORMATS = ['svg', 'png', 'vl.json'] as const;

type PlotOptions = {
  directories: string[];
  out: string | undefined;
  x: string | undefined;
  facet: string | undefined;
  by: string[] | undefined;
  log: string[] | undefined;
  linear: string[] | undefined;
  panels: string[] | undefined;
  title: string | undefined;
  format: string[] | undefined;
};

export const command: Command<PlotOptions> = {
  examples: [
    ['plot results/table-4.2', 'write figure.svg, figure.png and figure.vl.json into the directory'],
    ['plot results/table-4.2 --format png --log y --out figures', 'one format, logarithmic, in another folder'],
  ],
  options: (yargs) =>
    yargs
      .positional('directories', { type: 'string', array: true, demandOption: true, describe: 'sweep directories' })
      .option('x', { type: 'string', requiresArg: true, describe: 'grid key of the horizontal axis' })
      .option('facet', { type: 'string', requiresArg: true, describe: 'grid key of the panels, one per value' })
      .option('by', {
        ...listOption,
        describe: 'grid keys of the lines, for instance --by batchSize; for trajectories: one key, or blocks',
      })
      .option('log', { ...listOption, describe: 'logarithmic axes: x, y, or both' })
      .option('linear', { ...listOption, describe: 'linear axes: x, y, or both' })
      .option('panels', {
        ...listOption,
        describe: `panels of trajectories: ${PANELS.join(', ')}`,
      })
      .option('title', { type: 'string', requiresArg: true, describe: 'title of the figure' })
      .option('format', { ...listOption, describe: `${FORMATS.join(', ')}; default: all` })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe:
          'folder for figure.svg, figure.png, figure.vl.json  [default: the directory; for several, the current folder]',
      }),
  paths: ['directories', 'out'],
  async act(options, { stdout, cwd }) {
    for (const file of await plot(options, cwd)) stdout.write(`${file}\n`);
    return EXIT.done;
  },
};

/**
 * Writes the figure in each format.
 * @returns the files
 * @throws EdgesweepError USAGE for a key, axis or format that does not exist; DISK; what reading a directory throws
 */
async function plot(options: PlotOptions, cwd: string): Promise<string[]> {
  const { directories, x, facet, title } = options;
  const formats = named(options.format ?? [...FORMATS], FORMATS, 'format');
  const axes = (texts: string[] | undefined, flag: string) => named(texts ?? [], ['x', 'y'] as const, flag);
  const log = axes(options.log, 'log');
  const linear = axes(options.linear, 'linear');
  const by = options.by && splitList(options.by);
  const panels = options.panels && splitList(options.panels);
  const spec = await draw(directories, { x, facet, by, log, linear, title, panels });
  const svg = await renderSvg(spec);
  const contents = {
    svg: () => svg,
    png: () => renderPng(svg),
    'vl.json': () => `${JSON.stringify(spec, null, 2)}\n`,
  };
  const out = options.out ?? (directories.length === 1 ? directories[0] : at(cwd, '.'));
  if (options.out !== undefined) await makeDirectory(out);
  // all of them before the first is written
  const files = [];
  for (const format of formats) files.push({ path: join(out, `figure.${format}`), content: await contents[format]() });
  for (const { path, content } of files) await writeFileAtomically(path, content);
  return files.map(({ path }) => path);
}

function named<Name extends string>(texts: readonly string[], names: readonly Name[], flag: string): Name[] {
  return splitList(texts).map((text) => {
    const name = names.find((known) => known === text);
    if (name !== undefined) return name;
    throw new EdgesweepError('USAGE', `invalid value for --${flag}`, {
      where: `--${flag}`,
      expected: `one or more of ${names.join(', ')}`,
      got: text,
    });
  });
}
