import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { type Cell, counted, otherArithmetic } from '../../shared/mod.ts';
import { formatSweep, loadSweep, type Sweep } from '../../shared/sweep/mod.ts';
import { shellWords } from '../shell-words.ts';
import { JOURNAL_FILE, sweepPath } from './layout.ts';

/** A longer value is cut off: a grid may have hundreds. */
const LONGEST_VALUE = 60;

/** `runs: 6 → 12` for each key that differs, by its path in the sweep file; for nested mappings the innermost. */
export function changedKeys(before: unknown, after: unknown): string[] {
  const [old, now] = [leaves(before), leaves(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((path) => old.get(path) !== now.get(path))
    .map((path) => `${path}: ${show(old.get(path))} → ${show(now.get(path))}`);
}

/**
 * How the sweep differs from the one that the directory has had, and what becomes of the outcomes.
 * @param orphans recorded outcomes that the sweep does not have
 * @param formerCommand that the directory was last opened with, where it is known
 * @returns undefined when it is the same sweep
 */
export async function describeChange(
  directory: string,
  sweep: Sweep,
  orphans: number,
  formerCommand: readonly string[] | undefined,
): Promise<string | undefined> {
  const path = sweepPath(directory);
  const written = await readFile(path, 'utf8');
  const text = formatSweep(sweep);
  if (written === text) return undefined;
  const changes = changedKeys(parse(withDefaults(path) ?? written), parse(text));
  if (changes.length === 0) return undefined;
  const lines = ['the sweep of this directory has changed:', ...changes.map((change) => `  ${change}`)];
  if (orphans > 0) {
    const again =
      formerCommand === undefined || formerCommand.length === 0 ? '' : `: edgesweep ${shellWords(formerCommand)}`;
    lines.push(
      `  ${counted(orphans, 'recorded outcome is', 'recorded outcomes are')} not part of it; they stay in ${JOURNAL_FILE}, and count again with the former sweep${again}`,
    );
  }
  return lines.join('\n');
}

/** Counts recorded outcomes whose tasks name another arithmetic than this version computes them with. */
export class Outdated {
  #count = 0;
  #names: { named: string; own: string } | undefined;

  /** @param cell of an outcome that the sweep does not have */
  add(cell: Cell): void {
    const names = otherArithmetic(cell);
    if (names === undefined) return;
    this.#count += 1;
    this.#names = names;
  }

  /** @returns undefined where there are none */
  describe(): string | undefined {
    if (this.#names === undefined) return undefined;
    const { named, own } = this.#names;
    return `${counted(this.#count, 'recorded outcome was', 'recorded outcomes were')} computed with arithmetic ${named}, where this version has ${own}: not part of the sweep; kept in ${JOURNAL_FILE}`;
  }
}

/** A file of an earlier version lacks the keys that are new: they have not changed. */
function withDefaults(path: string): string | undefined {
  try {
    return formatSweep(loadSweep(path));
  } catch {
    // its keys may be unknown now
    return undefined;
  }
}

/** The text of each value that is no mapping, by its path. Files of a list are named by their own paths. */
function leaves(value: unknown, path: readonly string[] = []): Map<string, string> {
  if (isListOfFiles(value))
    return leaves(Object.fromEntries(value.map(({ path: name, ...rest }) => [name, rest])), path);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return new Map([[path.join('.'), JSON.stringify(value)]]);
  }
  return new Map(Object.entries(value).flatMap(([key, part]) => [...leaves(part, [...path, key])]));
}

const isListOfFiles = (value: unknown): value is { path: string }[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item?.path === 'string');

function show(text: string | undefined): string {
  if (text === undefined) return 'none';
  const plain = text.replace(/^"(.*)"$/, '$1');
  return plain.length > LONGEST_VALUE ? `${plain.slice(0, LONGEST_VALUE)}...` : plain;
}
