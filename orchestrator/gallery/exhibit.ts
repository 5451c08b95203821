import { formatSweep } from '../../shared/sweep/mod.ts';
import { type Manifest, readManifest, readOutcomes, readSweep } from '../directory/mod.ts';
import { draw, readTable } from '../experiments/mod.ts';
import { renderSvg } from '../figure/mod.ts';
import { type Layout, visibleLayout } from '../report/mod.ts';

/** What the gallery shows of one sweep directory. */
export type Exhibit = {
  directory: string;
  name: string;
  table: Layout;
  /** SVG */
  figure: string;
  /** the sweep file as it was run */
  sweep: string;
  manifest: Manifest;
  work: Work;
};

/** Who computed the outcomes, and how long it took. */
export type Work = {
  outcomes: number;
  /** in the threads, summed over all of them */
  seconds: number;
  /** number of outcomes by engine, host, and version with Node's, the largest number first */
  by: { what: string; counts: [name: string, outcomes: number][] }[];
};

/** @throws EdgesweepError what reading the directory throws */
export async function readExhibit(directory: string): Promise<Exhibit> {
  const sweep = await readSweep(directory);
  return {
    directory,
    name: sweep.name,
    table: visibleLayout((await readTable(directory)).layout()),
    figure: await renderSvg(await draw([directory])),
    sweep: formatSweep(sweep),
    manifest: await readManifest(directory),
    work: await readWork(directory),
  };
}

async function readWork(directory: string): Promise<Work> {
  const tallies = {
    engine: new Map<string, number>(),
    host: new Map<string, number>(),
    version: new Map<string, number>(),
  };
  let outcomes = 0;
  let seconds = 0;
  for await (const { provenance } of readOutcomes(directory)) {
    const { engine, host, version, node } = provenance;
    for (const [key, value] of Object.entries({ engine, host, version: `${version} on Node ${node}` })) {
      const tally = tallies[key as keyof typeof tallies];
      tally.set(value, (tally.get(value) ?? 0) + 1);
    }
    outcomes += 1;
    seconds += provenance.seconds;
  }
  const by = Object.entries(tallies).map(([what, counts]) => ({
    what,
    counts: [...counts].sort(([, a], [, b]) => b - a),
  }));
  return { outcomes, seconds, by };
}
