import type { Node } from './hosts.ts';

/**
 * What runs on a host, in its `sh`. It is the same text for every node, and everything that differs comes in lines on standard input: variables, an
 * empty line, the folder, the words of the command, an empty line. So no shell ever reads a setting as code, and no secret is on a command line.
 *
 * Then the shell becomes the node. What it leaves behind reads on: every further line, and the end of the input, sends the node a SIGTERM. The first
 * drains it, a second one ends it at once. The input ends when `launch` ends in any way, so a node outlives it by its drain time at most.
 *
 * Without single quotes, exclamation marks and line breaks: the shell of the user, whichever it is, passes it on as one word.
 */
export const REMOTE_SCRIPT = [
  'while IFS= read -r line && [ -n "$line" ]; do export "$line"; done',
  'IFS= read -r folder && cd -- "$folder" || exit 2',
  'set --',
  'while IFS= read -r line && [ -n "$line" ]; do set -- "$@" "$line"; done',
  'command -v "$1" >/dev/null || { echo "$1: not found; set program, or PATH in environment" >&2; exit 127; }',
  // an asynchronous list has no standard input of its own
  'exec 3<&0',
  '{ while read -r line; do kill -TERM $$; done; kill -TERM $$; } <&3 >/dev/null 2>&1 3<&- &',
  'exec "$@" </dev/null 3<&-',
].join('\n');

/** In one line, which every shell passes on. */
export const REMOTE_COMMAND = `exec sh -c '${REMOTE_SCRIPT.replace(/ &\n/g, ' & ').replaceAll('\n', '; ')}'`;

/** The command of a node. */
export const workerWords = ({
  program = 'edgesweep',
  name,
  threads,
  drainTimeout,
  arguments: more = [],
}: Node): string[] => [
  program,
  'worker',
  '--json',
  '--name',
  name,
  ...(threads === undefined ? [] : ['--threads', String(threads)]),
  ...(drainTimeout === undefined ? [] : ['--drain-timeout', String(drainTimeout)]),
  ...more,
];

/** The variables of a node: how it reaches the server, then its own. */
export const variablesOf = (node: Node, server: Readonly<Record<string, string>>): Record<string, string> => ({
  ...server,
  ...node.environment,
});

/** What goes to its standard input first. */
export function inputOf(node: Node, server: Readonly<Record<string, string>>): string {
  const variables = Object.entries(variablesOf(node, server)).map(([key, value]) => `${key}=${value}`);
  return [...variables, '', node.directory ?? '.', ...workerWords(node), '', ''].join('\n');
}
