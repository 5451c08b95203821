/** What a process did to files, in the order in which the calls ended. */
export type Call =
  | { call: 'open'; fd: number; path: string; create: boolean; truncate: boolean; append: boolean }
  | { call: 'write'; fd: number; bytes: Buffer; offset: number | undefined }
  | { call: 'sync'; fd: number }
  | { call: 'close'; fd: number }
  | { call: 'truncate'; fd: number; size: number }
  | { call: 'rename'; from: string; to: string }
  | { call: 'mkdir'; path: string }
  | { call: 'unlink'; path: string };

/** The calls that strace has to record. */
export const TRACED =
  'openat,write,writev,pwrite64,pwritev,fsync,fdatasync,rename,renameat,renameat2,ftruncate,mkdir,mkdirat,unlink,unlinkat,close';

const unhex = (text: string): Buffer => Buffer.from(text.replaceAll('\\x', ''), 'hex');
const FD = '(\\d+)<([^>]*)>';
const TEXT = '"([^"]*)"';

const PATTERNS: readonly [RegExp, (found: readonly string[]) => [path: string, call: Call]][] = [
  [
    new RegExp(`^openat\\([^,]*, ${TEXT}, ([A-Z_|]+)(?:, \\d+)?\\) += ${FD}`),
    ([, , flags, fd, path]) => {
      const [create, truncate, append] = ['O_CREAT', 'O_TRUNC', 'O_APPEND'].map((flag) => flags.includes(flag));
      return [path, { call: 'open', fd: Number(fd), path: String(unhex(path)), create, truncate, append }];
    },
  ],
  [
    new RegExp(`^p?write(?:64)?\\(${FD}, ${TEXT}, \\d+(?:, (\\d+))?\\) += (\\d+)`),
    ([, fd, path, text, offset, written]) => [
      path,
      {
        call: 'write',
        fd: Number(fd),
        bytes: unhex(text).subarray(0, Number(written)),
        offset: offset === undefined ? undefined : Number(offset),
      },
    ],
  ],
  [new RegExp(`^(?:fsync|fdatasync)\\(${FD}\\) += 0`), ([, fd, path]) => [path, { call: 'sync', fd: Number(fd) }]],
  [new RegExp(`^close\\(${FD}\\) += 0`), ([, fd, path]) => [path, { call: 'close', fd: Number(fd) }]],
  [
    new RegExp(`^ftruncate\\(${FD}, (\\d+)\\) += 0`),
    ([, fd, path, size]) => [path, { call: 'truncate', fd: Number(fd), size: Number(size) }],
  ],
  [
    new RegExp(`^rename\\(${TEXT}, ${TEXT}\\) += 0`),
    ([, from, to]) => [to, { call: 'rename', from: String(unhex(from)), to: String(unhex(to)) }],
  ],
  [
    new RegExp(`^(mkdir|unlink)\\(${TEXT}.*\\) += 0`),
    ([, call, path]) => [path, { call: call as 'mkdir' | 'unlink', path: String(unhex(path)) }],
  ],
];

/**
 * @param text of `strace -f -y -xx`
 * @param root only calls on files below it, with absolute paths, and writes to standard output
 * @throws Error for a call on such a file that is not understood
 */
export function parseTrace(text: string, root: string): Call[] {
  const calls: Call[] = [];
  const begun = new Map<string, string>();
  const hexRoot = [...Buffer.from(root)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  for (const raw of text.split('\n')) {
    const [, pid, rest] = /^(\d+) +(.*)$/.exec(raw) ?? [];
    if (rest === undefined) continue;
    if (rest.endsWith('<unfinished ...>')) {
      begun.set(pid, rest.slice(0, -'<unfinished ...>'.length).trimEnd());
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest);
    const line = resumed === null ? rest : `${begun.get(pid) ?? ''}${resumed[1]}`;
    if (/ = -1 E[A-Z]+/.test(line) || !(line.includes(hexRoot) || line.startsWith('write(1<'))) continue;
    const parsed = PATTERNS.flatMap(([pattern, make]) => {
      const found = pattern.exec(line);
      return found === null ? [] : [make(found)];
    });
    if (parsed.length === 0) throw new Error(`a call that is not understood: ${line.slice(0, 200)}`);
    const [[path, call]] = parsed;
    // other files of this process, and those that paths below the root are only an argument of
    if (path.includes(hexRoot) || (call.call === 'write' && call.fd === 1)) calls.push(call);
  }
  return calls;
}
