import { execFileSync } from 'node:child_process';

export type Link = {
  readonly namespace: string;
  /** its address */
  readonly host: string;
  /** of the middle, as seen from this namespace */
  readonly serverHost: string;
  cut(): void;
  heal(): void;
  /** Leads all packets from here and to here through this pair of interfaces, or through the cable again. */
  detour(near: string, far: string): void;
  straighten(): void;
};

export type Network = {
  /** the middle of the star */
  readonly serverNamespace: string;
  /** a namespace of its own with a cable to the middle; the first cable is the machine's own */
  readonly links: readonly Link[];
  /** of the middle, as seen from here */
  readonly serverHost: string;
  close(): void;
};

const run = (file: string, ...words: string[]): void =>
  void execFileSync(file, words, { stdio: ['ignore', 'ignore', 'pipe'] });
export const ip = (...words: string[]): void => run('ip', ...words);

/** Why this process cannot make networks; undefined when it can. */
export function whyNoNetwork(): string | undefined {
  const probe = `es-probe-${process.pid}`;
  try {
    ip('netns', 'add', probe);
    ip('link', 'add', 'es-probe0', 'type', 'veth', 'peer', 'name', 'es-probe1');
    ip('link', 'del', 'es-probe0');
    ip('netns', 'del', probe);
    return undefined;
  } catch (error) {
    try {
      ip('netns', 'del', probe);
    } catch {
      // it was not made
    }
    const text = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
    return `network namespaces and veth need root and iproute2: ${text}`;
  }
}

let networks = 0;
const open = new Set<() => void>();

/** Removes all networks that this process has made and not closed. */
export function closeNetworks(): void {
  for (const close of open) close();
}

/**
 * Namespaces with real interfaces: a star, one cable a client, and one to us.
 * @param routed whether the middle passes packets on, so that clients reach one another; else only the middle is reached
 */
export function makeNetwork(clients: number, routed = false): Network {
  // several processes may do this at once, and names of interfaces have 15 letters
  const name = `es${process.pid.toString(36)}-${networks}`;
  const subnet = `10.${200 + (Math.floor(process.pid / 256) % 50)}.${(process.pid + 97 * networks++) % 256}`;
  const serverNamespace = `${name}-middle`;
  const made: string[] = [];
  const addNamespace = (namespace: string) => {
    ip('netns', 'add', namespace);
    made.push(namespace);
    ip('-n', namespace, 'link', 'set', 'lo', 'up');
  };
  // removing a namespace removes its interfaces, and with them their other ends
  const close = () => {
    open.delete(close);
    for (const namespace of made.splice(0).reverse()) ip('netns', 'del', namespace);
  };
  const middleOf = (index: number) => `${subnet}.${4 * index + 1}`;
  const farOf = (index: number) => `${subnet}.${4 * index + 2}`;
  const cableOf = (index: number, end: 'a' | 'b') => `${name}-${index}${end}`;
  /** A cable from the middle to a namespace, or to us. */
  const addCable = (index: number, namespace: string | undefined): void => {
    const [near, far] = [cableOf(index, 'a'), cableOf(index, 'b')];
    ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far);
    ip('link', 'set', near, 'netns', serverNamespace);
    ip('-n', serverNamespace, 'addr', 'add', `${middleOf(index)}/30`, 'dev', near);
    ip('-n', serverNamespace, 'link', 'set', near, 'up');
    if (namespace !== undefined) ip('link', 'set', far, 'netns', namespace);
    const inside = namespace === undefined ? [] : ['-n', namespace];
    ip(...inside, 'addr', 'add', `${farOf(index)}/30`, 'dev', far);
    ip(...inside, 'link', 'set', far, 'up');
    if (!routed) return;
    // a cut is silent: without this the middle would answer that there is no route
    ip('-n', serverNamespace, 'route', 'add', 'blackhole', `${subnet}.${4 * index}/30`, 'metric', '1000');
    ip(...inside, 'route', 'add', namespace === undefined ? `${subnet}.0/24` : 'default', 'via', middleOf(index));
  };
  const linkOf = (index: number): Link => {
    const namespace = `${name}-${index}`;
    addNamespace(namespace);
    addCable(index, namespace);
    const [host, serverHost] = [farOf(index), middleOf(index)];
    const set = (state: 'down' | 'up') => ip('-n', serverNamespace, 'link', 'set', cableOf(index, 'a'), state);
    return {
      namespace,
      host,
      serverHost,
      cut: () => set('down'),
      heal: () => set('up'),
      detour(near, far) {
        ip('link', 'set', near, 'netns', serverNamespace);
        ip('link', 'set', far, 'netns', namespace);
        ip('-n', serverNamespace, 'link', 'set', near, 'up');
        ip('-n', namespace, 'link', 'set', far, 'up');
        ip('-n', serverNamespace, 'route', 'add', `${host}/32`, 'dev', near);
        ip('-n', namespace, 'route', 'replace', 'default', 'dev', far, 'src', host);
      },
      straighten() {
        ip('-n', serverNamespace, 'route', 'del', `${host}/32`);
        ip('-n', namespace, 'route', 'replace', 'default', 'via', serverHost);
      },
    };
  };
  open.add(close);
  try {
    addNamespace(serverNamespace);
    if (routed) {
      const script = 'echo 1 > /proc/sys/net/ipv4/ip_forward; echo 0 > /proc/sys/net/ipv4/conf/all/rp_filter';
      ip('netns', 'exec', serverNamespace, 'sh', '-c', script);
    }
    addCable(0, undefined);
    const links = Array.from({ length: clients }, (_, i) => linkOf(i + 1));
    return { serverNamespace, serverHost: middleOf(0), links, close };
  } catch (error) {
    close();
    throw error;
  }
}
