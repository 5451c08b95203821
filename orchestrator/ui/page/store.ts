import { signal } from '@preact/signals';
import type { AuditLine, ClusterStanding, Overview, PageEvent, Standing, Trouble } from '../wire.ts';
import type { Source } from './source.ts';
import { troubleFrom } from './source.ts';

/** What is known of everything, for all views. */
export const overview = signal<Overview | null>(null);
export const standings = signal<ReadonlyMap<string, Standing>>(new Map());
export const cluster = signal<ClusterStanding | null>(null);
/** what was done from the page, the last first */
export const audit = signal<readonly AuditLine[]>([]);
/** when the server was heard last, where it is not heard now */
export const lostSince = signal<number | null>(null);
/** while somebody reads, nothing moves */
export const frozenSince = signal<number | null>(null);
export const waiting = signal(0);
export const startTrouble = signal<Trouble | null>(null);

/** what came while the page was frozen */
let held: PageEvent[] = [];
let from: Source | undefined;

export const source = (): Source => from!;

export async function start(given: Source): Promise<void> {
  from = given;
  await readAll();
  given.listen?.(
    (_name, data) => take(JSON.parse(data) as PageEvent),
    (isConnected) => {
      if (!isConnected) lostSince.value ??= Date.now();
      else if (lostSince.value !== null) {
        lostSince.value = null;
        // what changed meanwhile, and what is gone
        void readAll();
      }
    },
  );
}

async function readAll(): Promise<void> {
  try {
    const all = await source().overview();
    overview.value = all;
    startTrouble.value = null;
    if (frozenSince.value !== null) return;
    standings.value = new Map(all.sweeps.map((standing) => [standing.id, standing]));
    cluster.value = all.cluster;
    audit.value = all.audit;
  } catch (error) {
    startTrouble.value = troubleFrom(error);
  }
}

function take(event: PageEvent): void {
  if (frozenSince.value !== null) {
    held.push(event);
    waiting.value += event.sweeps.length;
    return;
  }
  apply(event);
}

function apply({ sweeps, gone, cluster: seen, audit: lines }: PageEvent): void {
  if (sweeps.length > 0 || gone.length > 0) {
    const next = new Map(standings.value);
    for (const standing of sweeps) next.set(standing.id, standing);
    for (const id of gone) next.delete(id);
    standings.value = next;
  }
  if (seen !== undefined) cluster.value = seen;
  if (lines !== undefined) audit.value = lines;
}

export function toggleFreeze(): void {
  if (frozenSince.value === null) {
    frozenSince.value = Date.now();
    return;
  }
  frozenSince.value = null;
  waiting.value = 0;
  for (const event of held) apply(event);
  held = [];
}
