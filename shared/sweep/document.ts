import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import { dotted, type Fault, type Path, refuse, valueAt } from './problems.ts';

/** The text of a sweep file as a value, and where in the text each part of it stands. */
export type SweepDocument = {
  value: unknown;
  /** whether the text has something at the path */
  has(path: Path): boolean;
  /** `file:line:column` of the value at the path, or of its key, or of the innermost mapping on the way that is there */
  where(path: Path, atKey?: boolean): string;
};

/** An alias may stand for a large list; more aliases than this, counted with those that they contain, are an attack. */
const MAX_ALIASES = 100;

type FaultAt = Fault & { offset: number };

/** @throws EdgesweepError SWEEP_INVALID where the text is no YAML, or none that a sweep needs */
export function parseSweepText(text: string, file: string): SweepDocument {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  // the library compares every key with every other; `keyFaults` looks each up
  const document = parseDocument(text, { strict: true, uniqueKeys: false, prettyErrors: false, lineCounter: lines });
  const refuseAt = (faults: FaultAt[]) => refuse(faults, file, ({ offset }) => at(offset));
  refuseAt(syntaxFaults(document));
  refuseAt(keyFaults(document));
  return {
    value: plainValue(document, (fault) => refuseAt([fault])),
    has: (path) => locate(document, path, false).found,
    where: (path, atKey = false) => at(locate(document, path, atKey).offset),
  };
}

/** A sweep that is no text. What is wrong with it is found by its path. */
export const objectDocument = (value: object): SweepDocument => ({
  value,
  has: (path) => valueAt(value, path) !== undefined,
  where: (path) => dotted(path) || 'the sweep',
});

function syntaxFaults(document: Document): FaultAt[] {
  const errors: YAMLError[] = [...document.errors, ...document.warnings];
  const tooDeep = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (tooDeep !== undefined) {
    const expected = 'a few levels of lists and mappings';
    const [offset] = tooDeep.pos;
    return [
      { offset, message: 'the YAML is nested too deeply', expected, got: 'too many', fix: 'remove the brackets' },
    ];
  }
  return errors.map(({ code, message, pos: [offset] }) => {
    if (code === 'TAB_AS_INDENT') {
      const fix = 'replace the tab by spaces';
      return { offset, message: 'a tab cannot indent a line in YAML', expected: 'spaces', got: 'a tab', fix };
    }
    return { offset, message, expected: 'one YAML document', got: 'something else', fix: 'correct the YAML there' };
  });
}

/** Keys that come twice, and keys that are no words. */
function keyFaults(document: Document): FaultAt[] {
  const faults: FaultAt[] = [];
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Set<string>();
      for (const pair of items) {
        const offset = start(pair.key) ?? 0;
        const key = keyOf(pair);
        if (!isScalar(pair.key)) {
          const message = 'a key must not be a list, a mapping or an alias';
          faults.push({ offset, message, expected: 'a word as key', got: key, fix: 'write the key as a single word' });
        } else if (seen.has(key)) {
          const message = `duplicate key \`${key}\``;
          faults.push({ offset, message, expected: 'each key once', got: key, fix: 'remove or rename one of the two' });
        }
        seen.add(key);
      }
    },
  });
  return faults;
}

function plainValue(document: Document, refuse: (fault: FaultAt) => void): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    // how the library says that the aliases stand for too much, or that an alias, named last, has no anchor
    if (!(error instanceof ReferenceError)) throw error;
    const fix = 'write out the values instead of using aliases';
    if (error.message.startsWith('Excessive alias count')) {
      const expected = `at most ${MAX_ALIASES} values through aliases`;
      const message = 'the aliases (*name) expand to too many values';
      refuse({ offset: firstAlias(document), message, expected, got: 'more', fix });
    }
    const name = error.message.split(': ').at(-1) ?? '';
    const expected = `an anchor &${name} before it`;
    refuse({
      offset: firstAlias(document, name),
      message: `the alias *${name} has no anchor`,
      expected,
      got: 'none',
      fix,
    });
  }
}

function firstAlias(document: Document, name?: string): number {
  let offset = 0;
  visit(document, {
    Alias: (_, alias) => {
      if (name !== undefined && alias.source !== name) return undefined;
      offset = start(alias) ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

/** Follows the path through mappings, lists and aliases as far as it goes. */
function locate(document: Document, path: Path, atKey: boolean): { found: boolean; offset: number } {
  let node: unknown = document.contents;
  let offset = start(node) ?? 0;
  for (const [i, segment] of path.entries()) {
    const container = isAlias(node) ? node.resolve(document) : node;
    if (isMap(container)) {
      const pair = container.items.find((item) => keyOf(item) === String(segment));
      if (pair === undefined) return { found: false, offset };
      node = pair.value;
      offset = (atKey && i === path.length - 1 ? undefined : start(node)) ?? start(pair.key) ?? offset;
    } else if (isSeq(container) && typeof segment === 'number' && segment < container.items.length) {
      node = container.items[segment];
      offset = start(node) ?? offset;
    } else {
      return { found: false, offset };
    }
  }
  return { found: true, offset };
}

function keyOf(pair: Pair): string {
  return String(isScalar(pair.key) ? pair.key.value : pair.key);
}

function start(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
