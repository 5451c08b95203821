import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchNats, type NatsServer } from '../support/nats-server.ts';
import { type Link, makeNetwork, type Network } from './network.ts';
import { makeTroubles, type Troubles } from './troubles.ts';

/** Where a command runs and how it reaches the servers from there. */
export type Place = { url: string; namespace?: string | undefined };

/** A place whose cable can be cut. */
export type Client = Place & Pick<Link, 'cut' | 'heal'>;

/** The nats-servers of a scenario, in their network. */
export type Servers = {
  /** as this process reaches them */
  readonly addresses: readonly string[];
  /** of workers and runs that are given no other */
  readonly home: { worker: Place; run: Place };
  readonly clients: readonly Client[];
  /** more options of `run` */
  readonly words: readonly string[];
  /** what happens to single servers meanwhile */
  readonly troubles?: Troubles;
  /** kill -9 of all, and waits until they are gone; their stores stay */
  kill(): Promise<void>;
  /** removes the stores of servers that are killed */
  wipe(): void;
  restart(): Promise<void>;
  close(): Promise<void>;
};

/** @param clients places of their own that are needed @param giveUp told of a server that is of no use any more */
export type StartServers = (
  folder: string,
  clients: number,
  random: () => number,
  giveUp: (error: Error) => void,
) => Promise<Servers>;

const PORT = 4222;
const JETSTREAM = (store: string) =>
  `jetstream { store_dir: "${store}", max_file_store: 1GB, max_memory_store: 64MB }\n`;

const wipe = ({ store }: NatsServer): void => rmSync(store, { recursive: true, force: true });

/** One server: on loopback, or in the middle of a network where clients need cables. */
export async function startOne(folder: string, clients: number): Promise<Servers> {
  const network: Network | undefined = clients === 0 ? undefined : makeNetwork(clients);
  try {
    const server = await launchNats({
      folder,
      at: network && { host: network.serverHost, port: PORT, namespace: network.serverNamespace },
      config: ({ port, store }) =>
        `host: "${network === undefined ? '127.0.0.1' : '0.0.0.0'}"\nport: ${port}\n${JETSTREAM(store)}`,
    });
    const place = { url: server.url };
    return {
      addresses: [server.url],
      home: { worker: place, run: place },
      clients: (network?.links ?? []).map((link) => clientOf(link, `nats://${link.serverHost}:${PORT}`)),
      words: [],
      kill: server.kill,
      wipe: () => wipe(server),
      restart: server.restart,
      async close() {
        await server.kill();
        network?.close();
      },
    };
  } catch (error) {
    network?.close();
    throw error;
  }
}

const clientOf = ({ namespace, cut, heal }: Link, url: string): Client => ({ namespace, url, cut, heal });

export const MONITOR_PORT = 8222;
const ROUTE_PORT = 6222;
/** Servers that were killed together are started again so far apart, at most. */
const APART_MS = 3000;
/** A server that has not caught up by then never will. On a busy machine nats-server 2.9 takes minutes. */
const NEVER_MS = 600_000;

/** A server of several, and the cable to it. */
export type Member = { server: NatsServer; link: Link };

/**
 * Three servers with three copies of every stream, each in a network namespace of its own, workers and runs in two others. All the time
 * one of the three is killed, cut off or slow.
 */
export async function startThree(
  folder: string,
  clients: number,
  random: () => number,
  giveUp: (error: Error) => void,
): Promise<Servers> {
  const network = makeNetwork(5 + clients, true);
  const members: Member[] = [];
  try {
    const [worker, run, ...others] = network.links.slice(3);
    members.push(...(await startMembers(folder, network.links.slice(0, 3))));
    const addresses = members.map(({ server }) => server.url);
    const url = addresses.join(',');
    await untilWhole(members);
    const troubles = makeTroubles(members, (signal) => untilWhole(members, signal), random, giveUp);
    return {
      addresses,
      home: { worker: { url, namespace: worker.namespace }, run: { url, namespace: run.namespace } },
      clients: others.map((link) => clientOf(link, url)),
      words: ['--nats-replicas', '3'],
      troubles,
      async kill() {
        await troubles.pause();
        await Promise.all(members.map(({ server }) => server.kill()));
      },
      wipe() {
        for (const { server } of members) wipe(server);
      },
      async restart() {
        // two of them may choose a leader before the third is there, for which they then have no place
        await Promise.all(members.map(({ server }) => sleep(APART_MS * random()).then(server.restart)));
        void troubles.resume();
      },
      async close() {
        await troubles.end();
        await Promise.all(members.map(({ server }) => server.kill()));
        network.close();
      },
    };
  } catch (error) {
    await Promise.all(members.map(({ server }) => server.kill()));
    network.close();
    throw error;
  }
}

/** Servers that form one cluster, each where its link leads. @param more lines of the configuration of each */
export function startMembers(folder: string, links: readonly Link[], more = ''): Promise<Member[]> {
  const routes = links.map(({ host }) => `nats-route://${host}:${ROUTE_PORT}`).join(', ');
  const start = async (link: Link, index: number): Promise<Member> => {
    const { host, namespace } = link;
    const own = join(folder, `server-${index + 1}`);
    mkdirSync(own, { recursive: true });
    const config = ({ store }: { store: string }) =>
      `server_name: server-${index + 1}
listen: "${host}:${PORT}"
http: "${host}:${MONITOR_PORT}"
${JETSTREAM(store)}cluster { name: edgesweep, listen: "${host}:${ROUTE_PORT}", routes: [${routes}] }
${more}`;
    return { server: await launchNats({ folder: own, at: { host, port: PORT, namespace }, config }), link };
  };
  return Promise.all(links.map(start));
}

/**
 * Waits until every server says that it has all that it should have.
 * @param signal ends the wait
 * @throws where one has ended, or never becomes whole
 */
export async function untilWhole(members: readonly Member[], signal?: AbortSignal): Promise<void> {
  const deadline = performance.now() + NEVER_MS;
  for (const { link, server } of members) {
    let told = 'no answer';
    const isWhole = async (): Promise<boolean> => {
      const url = `http://${link.host}:${MONITOR_PORT}/healthz`;
      const answer = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
      told = (await answer?.text().catch(() => undefined)) ?? told;
      return answer?.ok ?? false;
    };
    while (!signal?.aborted && !(await isWhole())) {
      const { alive, stderr } = server.process;
      if (!alive) throw new Error(`the nats-server in ${link.namespace} has ended: ${stderr.slice(-500)}`);
      if (performance.now() > deadline) {
        const minutes = NEVER_MS / 60_000;
        throw new Error(`the nats-server in ${link.namespace} was not whole after ${minutes} minutes: ${told}`);
      }
      await sleep(100);
    }
  }
}
