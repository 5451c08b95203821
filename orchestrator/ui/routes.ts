import type { IncomingMessage } from 'node:http';
import { seriesOf, softwareVersion, visible } from '../../shared/mod.ts';
import { dataDirectoryOf } from '../../shared/sweep/mod.ts';
import { RUN_ACTIONS, type RunAction } from '../control/mod.ts';
import { diffReport, readDiff } from '../diff/mod.ts';
import { readSeries } from '../directory/mod.ts';
import { render, visibleLayout } from '../report/mod.ts';
import { type Answer, csvAnswer, json, missing, RequestError, readJson } from './answers.ts';
import { askRunOf } from './ask-run.ts';
import type { AuditTrail } from './audit-trail.ts';
import type { ClusterWatch } from './cluster.ts';
import { describeRun, describeRuns, describeSweep, modelOf, outcomeOf } from './describe.ts';
import { figureAnswer, type Remade, tableAnswer } from './drawn.ts';
import type { FollowedSweep } from './follow/mod.ts';
import type { Hub } from './hub.ts';
import type { LossComputer } from './losses.ts';
import { seriesCsv, thinSeries } from './series.ts';
import { ACTIONS, type Action, type Overview } from './wire.ts';

export type Site = {
  hub: Hub;
  cluster: ClusterWatch | undefined;
  audit: AuditTrail;
  readOnly: boolean;
  remade: Remade<Answer>;
  losses: LossComputer;
  /** where data sets are looked for; @param directory that a sweep names */
  dataFolders: (directory: string | undefined) => readonly string[];
};

/** Failed runs of which the logs are shown. */
const MOST_LOGS = 200;

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
  'sweeps/*/failed': async ({ site, parts }) => json(await sweepOf(site, parts[0]).failedWithLogs(MOST_LOGS)),
  'sweeps/*/cells/*': async ({ site, parts }) =>
    json(await describeRuns(sweepOf(site, parts[0]), numberOf(parts[1], 'cell'))),
  'sweeps/*/cells/*/runs/*': async ({ site, parts }) =>
    json(await describeRun(sweepOf(site, parts[0]), numberOf(parts[1], 'cell'), numberOf(parts[2], 'run'))),
  'sweeps/*/cells/*/runs/*/series': async ({ site, parts, url }) => {
    const sweep = sweepOf(site, parts[0]);
    const [cell, run] = [numberOf(parts[1], 'cell'), numberOf(parts[2], 'run')];
    const outcome = await outcomeOf(sweep, cell, run);
    if (seriesOf(outcome) === undefined) throw missing('series of this run');
    const series = await readSeries(sweep.directory, outcome);
    const range = (name: string, otherwise: number) => numberOf(url.searchParams.get(name) ?? String(otherwise), name);
    const [from, to] = [range('from', 0), Math.min(series.rows, range('to', series.rows))];
    if (url.searchParams.get('format') === 'csv') return csvAnswer(seriesCsv(series, from, to));
    const columns = url.searchParams.get('columns')?.split(',');
    const points = Math.min(10_000, range('points', 1200));
    return json(thinSeries(series, { points, from, to, columns, cell: outcome.task.cell }));
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
      if (format === 'csv') return csvAnswer(render(report, 'csv'));
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
export async function answerPost(site: Site, url: URL, request: IncomingMessage): Promise<Answer> {
  const [, id, action = ''] = /^\/api\/(cluster|sweeps\/[^/]+)\/([a-z]+)$/.exec(url.pathname) ?? [];
  if (id === 'cluster' && ACTIONS.includes(action as Action)) {
    if (site.cluster === undefined) throw new RequestError(409, 'no nats-server: start `edgesweep ui` with --nats');
    const body = await readJson(request);
    const key = (body as { sweep?: unknown } | null)?.sweep;
    if (typeof key !== 'string') throw new RequestError(400, 'the request names no sweep');
    return json(await site.cluster.act(action as Action, key));
  }
  if (id === undefined || !RUN_ACTIONS.includes(action as RunAction)) throw missing('action');
  const sweep = sweepOf(site, id.slice('sweeps/'.length));
  await readJson(request);
  const line = await askRunOf(sweep, action as RunAction, site.audit);
  site.hub.touch(sweep);
  return json(line);
}

export function overviewOf({ hub, cluster, audit, readOnly }: Site): Overview {
  return {
    title: 'Sweeps',
    version: softwareVersion(),
    readOnly,
    folders: hub.folders.map(visible),
    troubles: [...hub.folderTroubles.values()],
    sweeps: hub.standings(),
    cluster: cluster?.standing ?? null,
    audit: audit.lines,
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
