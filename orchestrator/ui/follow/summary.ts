import { hash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { softwareVersion } from '../../../shared/mod.ts';
import { formatSweep } from '../../../shared/sweep/mod.ts';
import { type Bookmark, writeFileAtomically } from '../../directory/mod.ts';
import type { SavedModel, SweepModel } from './model.ts';

/** Shorter journals are read as fast as a summary. */
const WORTH_BYTES = 4 << 20;
const HEADER_BYTES = 4;

type Header = { of: string; mark: Bookmark; facts: SavedModel['facts'] };

/**
 * Summaries of long journals, so that a page that is opened again need not read them from the beginning. They lie in a folder of the user's own,
 * since the page writes to no sweep directory. What one says of a journal is checked against the journal as far as `JournalTail` checks it.
 */
export class Summaries {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Fills the model. @returns where to continue; undefined where there is no summary that fits */
  async load(id: string, model: SweepModel): Promise<Bookmark | undefined> {
    try {
      const file = await readFile(this.#path(id));
      const end = HEADER_BYTES + file.readUInt32LE(0);
      const { of, mark, facts }: Header = JSON.parse(file.toString('utf8', HEADER_BYTES, end));
      return of === identityOf(model) && model.restore({ facts, bytes: file.subarray(end) }) ? mark : undefined;
    } catch {
      // there is none, or it is of no use: the journal is read
      return undefined;
    }
  }

  /** Nothing depends on it: where it cannot be written, the next page reads the journal. */
  async save(id: string, model: SweepModel, mark: Bookmark | undefined): Promise<void> {
    if (mark === undefined || mark.offset < WORTH_BYTES) return;
    const { facts, arrays } = model.save();
    const header = Buffer.from(JSON.stringify({ of: identityOf(model), mark, facts } satisfies Header));
    const length = Buffer.alloc(HEADER_BYTES);
    length.writeUInt32LE(header.length);
    const parts = arrays.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength));
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFileAtomically(this.#path(id), Buffer.concat([length, header, ...parts]));
    } catch {}
  }

  #path(id: string): string {
    return join(this.#folder, `${id}.summary`);
  }
}

/** Of what the numbers are: another sweep, measure or version has others. */
const identityOf = ({ sweep, measures }: SweepModel): string =>
  hash('sha256', JSON.stringify([softwareVersion(), formatSweep(sweep), measures]), 'hex');
