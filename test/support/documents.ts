import { readdirSync, readFileSync } from 'node:fs';

/** A command block of a document: its lines without comments, joined where one continues on the next. */
export type CommandBlock = { document: string; heading: string; line: number; commands: readonly string[] };

/** The blocks marked as `sh` of a Markdown file of this repository. @param document its path from the root */
export function commandBlocks(document: string): CommandBlock[] {
  const lines = readFileSync(new URL(`../../${document}`, import.meta.url), 'utf8').split('\n');
  const blocks: CommandBlock[] = [];
  let heading = '';
  // within a block of another language a line may look like a heading
  let isOther = false;
  let block: (CommandBlock & { text: string[] }) | undefined;
  for (const [i, line] of lines.entries()) {
    if (block === undefined && (isOther || /^ *```(?!sh$)/.test(line))) {
      if (/^ *```/.test(line)) isOther = !isOther;
    } else if (block === undefined) {
      heading = /^#+ (.*)/.exec(line)?.[1] ?? heading;
      // within a list it is indented
      if (line.trim() === '```sh') block = { document, heading, line: i + 1, commands: [], text: [] };
    } else if (line.trim() === '```') {
      const { text, ...rest } = block;
      blocks.push({ ...rest, commands: commandsOf(text) });
      block = undefined;
    } else block.text.push(line);
  }
  return blocks;
}

/** The blocks of a document that are not marked as `sh`. */
export function otherBlocks(document: string): { document: string; language: string; lines: string[] }[] {
  const text = readFileSync(new URL(`../../${document}`, import.meta.url), 'utf8');
  return [...text.matchAll(/^ *```(.*)\n([\s\S]*?)^ *```$/gm)]
    .filter(([, language]) => language !== 'sh')
    .map(([, language, block]) => ({ document, language, lines: block.split('\n').map((line) => line.trim()) }));
}

const commandsOf = (lines: readonly string[]): string[] =>
  lines
    .join('\n')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');

/** Lines of command blocks that no test runs as they stand, and why. */
export const ELSEWHERE: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^(git|make)\b/, 'needs a checkout, or the network to get one'],
  [/\bpodman\b/, 'needs Podman; `make test-container` runs the steps of the Containerfile'],
  [/\blogin-node\b|^sbatch\b|\$SLURM_| shards\/\*$/, 'needs a SLURM cluster'],
  [/\bedgesweep launch (?!.*--dry-run)/, 'needs machines to log in to; `make test-launch` has some'],
  [/^for cell in |\bedgesweep (run|table) \S*\bmlp\b/, 'needs PyTorch; test/peers/programs.test.ts runs it'],
  [/^npm install\b/, 'needs the network'],
  [/\bedgesweep data fetch\b/, 'needs the network'],
  [/\bedgesweep (pause|resume|drain) results\b/, 'needs a run under way; test/cli/pause.test.ts runs it'],
  [/^edgesweep (pause|resume|drain) results\//, 'needs a run under way; test/cli/pause.test.ts has one'],
  [/--nats \.\.\.$/, 'the address is left to the reader'],
  [/^cp -r "\$\(npm root --global\)/, 'needs a global installation'],
  [
    /^export EDGESWEEP_|^env \||^sudo /,
    'settings of a machine; test/cluster/deploy.test.ts starts the server with them',
  ],
  [
    /^edgesweep worker$|^edgesweep server --config/,
    'with these settings; test/cluster/deploy.test.ts checks the configuration',
  ],
  [/^deploy\/make-certificates\.sh\b/, 'in a checkout; test/cluster/deploy.test.ts runs it'],
  [
    /^node --input-type=module|^chmod 600 worker\.nk|^import \{ nkeys|^const user|^process\./,
    'makes a secret key, in a checkout',
  ],
];

/** Lines that need TensorFlow.js, which a checkout has and the package does not bring. */
export const NEEDS_TENSORFLOW = /\btfjs\b/;

/** Lines that run until a signal ends them, as in another terminal. */
export const SERVES = /\bedgesweep (server(?!.* --print)|ui|worker(?!.* --max-idle))\b/;
/** Lines that need a nats-server on loopback. */
export const NEEDS_SERVER = /nats:\/\/127\.0\.0\.1:4222/;

/** Other files that a document shows: a YAML block whose first line is a comment with the name. */
export function fileBlocks(document: string): { name: string; text: string }[] {
  const text = readFileSync(new URL(`../../${document}`, import.meta.url), 'utf8');
  return [...text.matchAll(/^( *)```yaml\n *# (\S+\.yaml)\n([\s\S]*?)^ *```$/gm)].map(([, indent, name, file]) => ({
    name,
    text: file.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));
}

/** Why the line does not run there; undefined where it does. */
export const elsewhere = (command: string): string | undefined =>
  ELSEWHERE.find(([pattern]) => pattern.test(command))?.[1];

/** Every document with command blocks that users read. */
export const DOCUMENTS: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'deploy/README.md',
  ...['docs', 'docs/how-to'].flatMap((folder) =>
    readdirSync(new URL(`../../${folder}`, import.meta.url))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  ),
].filter((document) => commandBlocks(document).length > 0);

/** The programs in one language that a document shows. @param language as the block is marked, such as `python` */
export function codeBlocks(document: string, language: string): string[] {
  const text = readFileSync(new URL(`../../${document}`, import.meta.url), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, program]) => program,
  );
}

/** The programs that a document shows, as modules in TypeScript. */
export const programBlocks = (document: string): string[] => codeBlocks(document, 'ts');

/** The whole sweep files that a document shows. */
export function sweepBlocks(document: string): { name: string; text: string }[] {
  const text = readFileSync(new URL(`../../${document}`, import.meta.url), 'utf8');
  return [...text.matchAll(/^( *)```yaml\n( *name: (\S+)\n[\s\S]*?)^ *```$/gm)].map(([, indent, sweep, name]) => ({
    name,
    text: sweep.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));
}
