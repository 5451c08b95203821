import type { IncomingMessage } from 'node:http';
import { seriesOf, softwareVersion, visible } from '../../shared/mod.ts';
import { dataDirectoryOf } from '../../shared/sweep/mod.ts';
import { diffReport, readDiff } from '../diff/mod.ts';
import { readSeries } from '../directory/mod.ts';
import { render, visibleLayout } from '../report/mod.ts';
import { type Answer, json, missing, RequestError, readJson } from './answers.ts';
import type { ClusterWatch } from './cluster.ts';
import { describeRun, describeRuns, describeSweep, modelOf, outcomeOf } from './describe.ts';
import { figureAnswer, type Remade, tableAnswer } from './drawn.ts';
import type { FollowedSweep } from './followed.ts';
import type { Hub } from './hub.ts';
import type { LossComputer } from './losses.ts';
import { thinSeries } from './series.ts';
import { ACTIONS, type Action, type Overview } from './wire.ts';

export type Site = {
  hub: Hub;
  cluster: ClusterWatch | undefined;
  readOnly: boolean;
  remade: Remade<Answer>;
  losses: LossComputer;
  /** where data sets are looked for; @param directory that a sweep names */
  dataFolders: (directory: string | undefined) => readonly string[];
};

type Asked = { site: Site; url: URL; request: IncomingMessage; parts: string[] };
type Route = (asked: Asked) => Promise<Answer> | Answer;

/** What is asked for with GET, below /api/: the pattern's `*` are the parts. */
const GET: Readonly<Record<string, Route>> = {
  overview: ({ site }) => json(overviewOf(site)),
  cluster: ({ site }) => json(site.cluster?.standing ?? null),
  'sweeps/*': async ({ site, parts }) => json(await describeSweep(sweepOf(site, parts[0]))),
  'sweeps/*/cells': ({ site, parts, url }) => {
    const sweep = sweepOf(site, parts[0]);
    const [since, epoch] = [url.searchParams.get('since'), url.searchParams.get('epoch')];
    // of another epoch, what changed since is everything
    const isSame = since !== null && epoch === String(sweep.epoch);
    return json(modelOf(sweep).columns(sweep.epoch, isSame ? numberOf(since, 'since') : undefined));
  },
  'sweeps/*/failed': ({ site, parts }) => json(sweepOf(site, parts[0]).failed()),
  'sweeps/*/cells/*': async ({ site, parts }) =>
    json(await describeRuns(sweepOf(site, parts[0]), numberOf(parts[1], 'cell'))),
  'sweeps/*/cells/*/runs/*': async ({ site, parts }) =>
    json(await describeRun(sweepOf(site, parts[0]), numberOf(parts[1], 'cell'), numberOf(parts[2], 'run'))),
  'sweeps/*/cells/*/runs/*/series': async ({ site, parts, url }) => {
    const sweep = sweepOf(site, parts[0]);
    const outcome = await outcomeOf(sweep, numberOf(parts[1], 'cell'), numberOf(parts[2], 'run'));
    if (seriesOf(outcome) === undefined) throw missing('series of this run');
    const series = await readSeries(sweep.directory, outcome);
    const range = (name: string, otherwise: number) => numberOf(url.searchParams.get(name) ?? String(otherwise), name);
    const [from, to] = [range('from', 0), Math.min(series.rows, range('to', series.rows))];
    return json(thinSeries(series, Math.min(10_000, range('points', 1200)), from, to));
  },
  'sweeps/*/cells/*/runs/*/losses': async ({ site, parts, url }) => {
    const sweep = sweepOf(site, parts[0]);
    const [cell, run] = [numberOf(parts[1], 'cell'), numberOf(parts[2], 'run')];
    // only of what is recorded: nothing else is worth the time of this machine
    await outcomeOf(sweep, cell, run);
    const rung = numberOf(url.searchParams.get('rung') ?? '0', 'rung');
    const folders = site.dataFolders(dataDirectoryOf(modelOf(sweep).sweep));
    const losses = await site.losses.compute({ directory: sweep.directory, cell, run, rung, folders });
    if (losses === undefined) throw missing('loss curve of this experiment');
    return json(losses);
  },
  'sweeps/*/table': async ({ site, parts, url }) => {
    const sweep = sweepOf(site, parts[0]);
    const format = url.searchParams.get('format') ?? 'layout';
    const by = url.searchParams
      .get('by')
      ?.split(',')
      .filter((key) => key !== '');
    const make = () => tableAnswer(sweep.directory, format, by?.length === 0 ? undefined : by);
    return remake(site, [sweep], `table ${format} ${by}`, make);
  },
  'sweeps/*/figure': ({ site, parts, url }) => figureOf(site, [sweepOf(site, parts[0])], url),
  figure: ({ site, url }) => figureOf(site, chosen(site, url), url),
  diff: ({ site, url }) => {
    const sweeps = chosen(site, url);
    if (sweeps.length !== 2) throw new RequestError(400, 'two sweeps are needed for a comparison');
    const measure = url.searchParams.get('measure') ?? undefined;
    const format = url.searchParams.get('format') ?? 'layout';
    return remake(site, sweeps, `diff ${measure} ${format}`, async () => {
      const report = diffReport(await readDiff([sweeps[0].directory, sweeps[1].directory], { measure }));
      if (format === 'csv') return { type: 'text/csv; charset=utf-8', body: render(report, 'csv') };
      return json(visibleLayout(report.layout()));
    });
  },
};

const PATTERNS = Object.entries(GET).map(([pattern, route]) => ({ pattern: pattern.split('/'), route }));

/** @param path below /api/ @throws RequestError; EdgesweepError */
export async function answerGet(site: Site, url: URL, request: IncomingMessage): Promise<Answer> {
  const path = url.pathname.slice('/api/'.length).split('/');
  for (const { pattern, route } of PATTERNS) {
    if (pattern.length !== path.length || pattern.some((part, i) => part !== '*' && part !== path[i])) continue;
    return route({ site, url, request, parts: path.filter((_, i) => pattern[i] === '*') });
  }
  throw missing('page');
}

/** @throws RequestError; EdgesweepError */
export async function answerPost({ cluster }: Site, url: URL, request: IncomingMessage): Promise<Answer> {
  const [, action] = /^\/api\/cluster\/([a-z]+)$/.exec(url.pathname) ?? [];
  if (!ACTIONS.includes(action as Action)) throw missing('action');
  if (cluster === undefined) throw new RequestError(409, 'no nats-server: start `edgesweep ui` with --nats');
  const body = await readJson(request);
  const key = (body as { sweep?: unknown } | null)?.sweep;
  if (typeof key !== 'string') throw new RequestError(400, 'the request names no sweep');
  return json(await cluster.act(action as Action, key));
}

export function overviewOf({ hub, cluster, readOnly }: Site): Overview {
  return {
    title: 'Sweeps',
    version: softwareVersion(),
    readOnly,
    folders: hub.folders.map(visible),
    troubles: [...hub.folderTroubles.values()],
    sweeps: hub.standings(),
    cluster: cluster?.standing ?? null,
  };
}

function sweepOf({ hub }: Site, id: string): FollowedSweep {
  const sweep = hub.get(id);
  if (sweep === undefined) throw missing('sweep');
  return sweep;
}

const chosen = (site: Site, url: URL): FollowedSweep[] =>
  (url.searchParams.get('sweeps') ?? '').split(',').map((id) => sweepOf(site, id));

function figureOf(site: Site, sweeps: readonly FollowedSweep[], url: URL): Promise<Answer> {
  const format = url.searchParams.get('format') ?? 'svg';
  const dark = url.searchParams.get('theme') === 'dark';
  const directories = sweeps.map(({ directory }) => directory);
  return remake(site, sweeps, `figure ${format} ${dark}`, () => figureAnswer(directories, format, dark));
}

/** The answer names the version that it was made of, so that the page knows when to ask again. */
function remake(site: Site, sweeps: readonly FollowedSweep[], what: string, make: () => Promise<Answer>) {
  const versions = sweeps.map((sweep) => sweep.standing().version).join(' ');
  const key = `${sweeps.map(({ id }) => id).join(' ')} ${what}`;
  return site.remade.get(key, versions, async () => ({
    ...(await make()),
    headers: { 'Edgesweep-Version': versions },
  }));
}

function numberOf(text: string, what: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new RequestError(400, `${what} has to be a whole number`);
  return Number(text);
}
