import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { EdgesweepError, EXIT, PANELS } from '../../shared/mod.ts';
import { FIGURE_FORMATS, figurePath, makeDirectory, writeFileAtomically } from '../directory/mod.ts';
import { draw } from '../experiments/mod.ts';
import { renderPng, renderSvg } from '../figure/mod.ts';
import { jsonOption, listOption, splitList } from '../options/common.ts';
import { at, type Command } from './command.ts';

type PlotOptions = {
  directories: string[];
  out: string | undefined;
  x: string | undefined;
  facet: string | undefined;
  by: string[] | undefined;
  log: string[] | undefined;
  linear: string[] | undefined;
  panels: string[] | undefined;
  against: string[] | undefined;
  title: string | undefined;
  format: string[] | undefined;
  json: boolean;
};

export const command: Command<PlotOptions> = {
  examples: [
    ['plot results/table-4.2', 'write figure.svg, figure.png and figure.vl.json into the directory'],
    ['plot results/table-4.2 --format png --log y --out figures', 'one format, logarithmic, in another folder'],
  ],
  options: (yargs) =>
    yargs
      .positional('directories', { type: 'string', array: true, demandOption: true, describe: 'sweep directories' })
      .option('x', {
        type: 'string',
        requiresArg: true,
        describe: 'grid key of the horizontal axis; of a program also step',
      })
      .option('facet', { type: 'string', requiresArg: true, describe: 'grid key of the panels, one per value' })
      .option('by', {
        ...listOption,
        describe: 'grid keys of the lines, for instance --by batchSize; for trajectories: one key, or blocks',
      })
      .option('log', { ...listOption, describe: 'logarithmic axes: x, y, or both' })
      .option('linear', { ...listOption, describe: 'linear axes: x, y, or both' })
      .option('panels', {
        ...listOption,
        describe: `panels of trajectories: ${PANELS.join(', ')}; of a program: numbers that it reports step by step`,
      })
      .option('against', {
        ...listOption,
        describe: 'for survival: directory of maximal step sizes whose distribution is drawn in; repeat it for several',
      })
      .option('title', { type: 'string', requiresArg: true, describe: 'title of the figure' })
      .option('format', { ...listOption, describe: `${FIGURE_FORMATS.join(', ')}; default: all` })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe:
          'folder for figure.svg, figure.png, figure.vl.json  [default: the directory; for several, the current folder]',
      })
      .option('json', jsonOption('one JSON object with the files')),
  paths: ['directories', 'out', 'against'],
  completes: { format: FIGURE_FORMATS },
  async act(options, { stdout, stderr, cwd }) {
    const { files, outdated } = await plot(options, cwd);
    stdout.write(options.json ? `${JSON.stringify({ files, outdated })}\n` : files.map((file) => `${file}\n`).join(''));
    for (const file of outdated)
      stderr.write(`${file} shows an earlier figure; without --format, plot writes all formats\n`);
    return EXIT.done;
  },
};

/**
 * Writes the figure in each format.
 * @returns the files, and those of other formats beside them that show another figure
 * @throws EdgesweepError USAGE for a key, axis or format that does not exist; DISK; what reading a directory throws
 */
async function plot(options: PlotOptions, cwd: string): Promise<{ files: string[]; outdated: string[] }> {
  const { directories, x, facet, title, against } = options;
  const formats = named(options.format ?? [...FIGURE_FORMATS], FIGURE_FORMATS, 'format');
  const axes = (texts: string[] | undefined, flag: string) => named(texts ?? [], ['x', 'y'] as const, flag);
  const log = axes(options.log, 'log');
  const linear = axes(options.linear, 'linear');
  const by = options.by && splitList(options.by);
  const panels = options.panels && splitList(options.panels);
  const spec = await draw(directories, { x, facet, by, log, linear, title, panels, against });
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
  for (const format of formats) files.push({ path: figurePath(out, format), content: await contents[format]() });
  for (const { path, content } of files) await writeFileAtomically(path, content);
  const outdated = [];
  for (const format of FIGURE_FORMATS.filter((other) => !formats.includes(other))) {
    const path = figurePath(out, format);
    if (existsSync(path) && !(await readFile(path)).equals(Buffer.from(await contents[format]()))) outdated.push(path);
  }
  return { files: files.map(({ path }) => path), outdated };
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
