import { execFileSync } from 'node:child_process';

export type Link = {
  readonly namespace: string;
  /** of the server, as seen from this namespace */
  readonly serverHost: string;
  cut(): void;
  heal(): void;
};

export type Network = {
  readonly serverNamespace: string;
  /** a namespace of its own with a cable to the server's; the first is the machine itself */
  readonly links: readonly Link[];
  /** of the server, as seen from here */
  readonly serverHost: string;
  close(): void;
};

const ip = (...words: string[]): void => void execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'pipe'] });

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

/** Namespaces with real interfaces: a star with the server in the middle, one cable a client, and one to us. */
export function makeNetwork(name: string, clients: number): Network {
  const serverNamespace = `es-${name}-server`;
  const made: string[] = [];
  const addNamespace = (namespace: string) => {
    ip('netns', 'add', namespace);
    made.push(namespace);
    ip('-n', namespace, 'link', 'set', 'lo', 'up');
  };
  // removing a namespace removes its interfaces, and with them their other ends
  const close = () => {
    for (const namespace of made.splice(0).reverse()) ip('netns', 'del', namespace);
  };
  /** A cable from the server to a namespace, or to us. */
  const addCable = (index: number, namespace: string | undefined): string => {
    const [near, far] = [`es${name}${index}a`, `es${name}${index}b`];
    const subnet = `10.231.${name.charCodeAt(0) % 200}`;
    ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far);
    ip('link', 'set', near, 'netns', serverNamespace);
    ip('-n', serverNamespace, 'addr', 'add', `${subnet}.${4 * index + 1}/30`, 'dev', near);
    ip('-n', serverNamespace, 'link', 'set', near, 'up');
    if (namespace !== undefined) ip('link', 'set', far, 'netns', namespace);
    const inside = namespace === undefined ? [] : ['-n', namespace];
    ip(...inside, 'addr', 'add', `${subnet}.${4 * index + 2}/30`, 'dev', far);
    ip(...inside, 'link', 'set', far, 'up');
    return `${subnet}.${4 * index + 1}`;
  };
  try {
    addNamespace(serverNamespace);
    const serverHost = addCable(0, undefined);
    const links = Array.from({ length: clients }, (_, i): Link => {
      const namespace = `es-${name}-${i + 1}`;
      addNamespace(namespace);
      const host = addCable(i + 1, namespace);
      const set = (state: 'down' | 'up') => ip('-n', serverNamespace, 'link', 'set', `es${name}${i + 1}a`, state);
      return { namespace, serverHost: host, cut: () => set('down'), heal: () => set('up') };
    });
    return { serverNamespace, serverHost, links, close };
  } catch (error) {
    close();
    throw error;
  }
}
