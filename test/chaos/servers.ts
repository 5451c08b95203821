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

/** @param clients places of their own that are needed */
export type StartServers = (folder: string, clients: number, random: () => number) => Promise<Servers>;

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
/** Until servers that are all there agree that they are. */
const WHOLE_MS = 120_000;

/** A server of several, and the cable to it. */
export type Member = { server: NatsServer; link: Link };

/**
 * Three servers with three copies of every stream, each in a network namespace of its own, workers and runs in two others. All the time
 * one of the three is killed, cut off or slow.
 */
export async function startThree(folder: string, clients: number, random: () => number): Promise<Servers> {
  const network = makeNetwork(5 + clients, true);
  const members: Member[] = [];
  try {
    const [worker, run, ...others] = network.links.slice(3);
    members.push(...(await startMembers(folder, network.links.slice(0, 3))));
    const addresses = members.map(({ server }) => server.url);
    const url = addresses.join(',');
    await untilWhole(members);
    const troubles = makeTroubles(members, () => untilWhole(members), random);
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
        await Promise.all(members.map(({ server }) => server.restart()));
        void untilWhole(members).then(troubles.resume, troubles.resume);
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

/** Waits until every server says that it has all that it should have. */
export async function untilWhole(members: readonly Member[]): Promise<void> {
  const deadline = performance.now() + WHOLE_MS;
  for (const { link } of members) {
    let told = '';
    const isWhole = async (): Promise<boolean> => {
      const url = `http://${link.host}:${MONITOR_PORT}/healthz`;
      const answer = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
      told = (await answer?.text().catch(() => '')) ?? 'no answer';
      return answer?.ok ?? false;
    };
    while (!(await isWhole())) {
      if (performance.now() > deadline) throw new Error(`${link.namespace} does not become whole: ${told}`);
      await sleep(100);
    }
  }
}
