import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { EdgesweepError, hasCredentials, hasPassword, messageOf } from '../../shared/mod.ts';
import { mapping, parseStrictYaml } from '../../shared/sweep/mod.ts';

/** Text for a line of its own: what a line break would split is refused. */
const line = z.string().regex(/^[^\0\r\n]+$/, 'text in one line');
const ELSEWHERE = 'set it in the environment of `launch`';
const withoutCredentials = <T extends z.ZodString>(text: T) =>
  text.refine((value) => !hasCredentials(value), `no password, token or seed in it: ${ELSEWHERE}`);
/** Nothing that ssh could take for an option. */
const name = withoutCredentials(z.string().regex(/^[A-Za-z0-9_:][\w.:@%-]*$/, 'a name or an address, as ssh takes it'));
const seconds = z.number().nonnegative().max(1e6);

/** A word of the command line. Not the password itself: an error would show it. */
const word = line.refine((text) => !hasPassword(text), `no password: ${ELSEWHERE}`);

/** What a worker node gets in its environment. Passwords come from the environment of `launch`, so that they stand in no file. */
const environment = z.record(
  z
    .string()
    .regex(/^[A-Za-z_]\w*$/, 'the name of a variable')
    .refine((key) => !/PASSWORD|SECRET|TOKEN/i.test(key), `no password, secret or token: ${ELSEWHERE}`),
  withoutCredentials(line),
);

/** Settings whose values no error shows: a password may stand in them all the same. */
const SECRET: readonly PropertyKey[] = ['host', 'user', 'ssh', 'arguments', 'environment'];

const settings = {
  user: name.optional().describe('user on the host; default: that of ssh'),
  port: z.int().min(1).max(65535).optional().describe('port of its sshd; default: that of ssh'),
  identity: line.optional().describe('file with the private key; default: those of ssh'),
  ssh: z
    .array(
      withoutCredentials(z.string().regex(/^[A-Za-z]+=[^\0\r\n]+$/, 'an option of ssh_config such as ProxyJump=gate')),
    )
    .optional()
    .describe('further options of ssh, such as `ProxyJump=gate`'),
  program: line.optional().describe('the program on the host; default: `edgesweep` on its PATH'),
  directory: line.optional().describe('folder to start in; default: the home directory'),
  threads: z.int().min(1).max(1024).optional().describe('threads of each node; default: one per core'),
  workers: z.int().min(1).max(64).optional().describe('nodes on the host; default: 1'),
  drainTimeout: seconds.optional().describe('seconds to finish tasks when it stops; default: 60'),
  arguments: z.array(word).optional().describe('further words for `edgesweep worker`, such as `--sweeps` and `NAME`'),
  environment: environment.optional().describe('variables for the node, such as `EDGESWEEP_NATS_CA`'),
};

const one = mapping({ host: name.describe('name or address, as ssh takes it'), ...settings });

/** A file of hosts. */
export const hostsSchema = mapping({
  defaults: mapping(settings).optional().describe('settings of every host that does not have its own'),
  hosts: z
    .array(z.union([name, one]))
    .min(1)
    .describe('names, or mappings with a name and settings'),
});

export type Host = z.infer<typeof one>;

const isSecret = (path: readonly PropertyKey[]): boolean =>
  path.some((key) => SECRET.includes(key)) || (path[0] === 'hosts' && path.length === 2);

/** A worker node to be: one of those of a host. */
export type Node = Host & { name: string };

/**
 * The nodes of a file of hosts, in its order.
 * @throws EdgesweepError HOSTS_INVALID with every problem and its place
 */
export function loadNodes(file: string): Node[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new EdgesweepError('HOSTS_INVALID', 'the file of hosts cannot be read', {
      where: file,
      expected: 'a YAML file with the key `hosts`',
      got: messageOf(cause),
      fix: 'check the path and its permissions',
      cause,
    });
  }
  const { defaults = {}, hosts } = parseStrictYaml(text, file, hostsSchema, 'HOSTS_INVALID', isSecret);
  const nodes = hosts.flatMap((written) => {
    const host = { ...defaults, ...(typeof written === 'string' ? { host: written } : written) };
    const merged = { ...host, environment: { ...defaults.environment, ...host.environment } };
    // without dashes in front: it is the value of an option
    const base =
      merged.host
        .replace(/^.*@/, '')
        .replace(/[^\w-]/g, '-')
        .replace(/^-+/, '') || 'host';
    const count = merged.workers ?? 1;
    return Array.from({ length: count }, (_, i) => ({ ...merged, name: count === 1 ? base : `${base}-${i + 1}` }));
  });
  // a host may be there twice, with different ports; nodes of one name would be one on the cluster
  const used = new Map<string, number>();
  return nodes.map((node) => {
    const times = (used.get(node.name) ?? 0) + 1;
    used.set(node.name, times);
    return times === 1 ? node : { ...node, name: `${node.name}_${times}` };
  });
}
