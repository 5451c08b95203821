import { block, code, page } from './markdown.ts';
import { type Node, readSource } from './source-comments.ts';

const FOLDER = 'dist/types/orchestrator/api/';
/** Declarations of more lines are those of sweep files and cells, which have a page of their own. */
const LONGEST = 80;

/** What the package exports to programs: every declaration, from those that it ships. Needs the build. */
export function apiPage(): string {
  const entry = readSource(`${FOLDER}mod.d.ts`);
  const exported = entry.body.flatMap(({ source, specifiers = [] }) =>
    (specifiers as Node[]).map(({ exported: name }) => ({
      name: (name as unknown as { name: string }).name,
      file: new URL((source as { value: string }).value.replace(/\.js$/, '.d.ts'), `file:///${FOLDER}`).pathname.slice(
        1,
      ),
    })),
  );
  const declared = exported.map(({ name, file }) => ({ name, ...declarationOf(name, file) }));
  const isFunction = ({ text }: { text: string }) => text.startsWith('export declare function');
  const sections = (found: typeof declared) =>
    found.flatMap(({ name, comment, text }) => [
      `### ${name}`,
      ...(comment === '' ? [] : [comment]),
      block('ts', text),
    ]);
  return page(
    'JavaScript API reference',
    `The declarations that the package ships. [JavaScript API](../api.md) has programs that use them; \`import { runSweep } from 'edgesweep'\`.`,
    '## Functions',
    ...sections(declared.filter(isFunction)),
    '## Types',
    ...sections(declared.filter((one) => !isFunction(one))),
  );
}

function declarationOf(name: string, file: string): { comment: string; text: string } {
  const source = readSource(file);
  const node = source.body.find(
    ({ declaration }) => ((declaration as Node | null)?.id as { name?: string })?.name === name,
  );
  if (node === undefined) throw new Error(`${file} declares no ${name}`);
  const text = source.text.slice(node.start, node.end);
  return {
    comment: commentText(source.commentBefore(node.start)),
    text:
      text.split('\n').length > LONGEST
        ? `export type ${name} = /* see the reference of sweep files */ unknown;`
        : text,
  };
}

/** Tags of the comment as a list. */
const commentText = (comment: string): string =>
  comment
    .replace(/\n(?!@)/g, ' ')
    .replace(/^@(param|returns|throws) (.*)$/gm, (_, tag: string, rest: string) => {
      const [, name, about] = /^(\w+) (.*)$/.exec(rest) ?? [];
      return tag === 'param' && name !== undefined ? `- ${code(name)}: ${about}` : `- ${tag}: ${rest}`;
    })
    .replace(/\n(?=- )/, '\n\n')
    .replace(/<(?=\w)/g, '\\<');
