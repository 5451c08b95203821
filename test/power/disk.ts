import { dirname } from 'node:path';
import type { Call } from './trace.ts';

type Change = { at: number; bytes: Buffer } | { size: number };
/** `durable` is what every crash leaves; of `pending` it leaves any part. */
type File = { durable: Buffer; pending: Change[] };
type Naming = { folder: string; apply(names: Map<string, File | 'folder'>): unknown };

const changed = (content: Buffer, change: Change): Buffer => {
  const end = 'size' in change ? change.size : Math.max(content.length, change.at + change.bytes.length);
  const copy = Buffer.alloc(end);
  content.copy(copy);
  if ('bytes' in change) change.bytes.copy(copy, change.at);
  return copy;
};
const contentOf = ({ durable, pending }: File): Buffer => pending.reduce(changed, durable);

/**
 * A disk that keeps no promise but that of fsync: data of a file are safe after its fsync, names (created, renamed, removed) after the fsync of
 * their folder.
 */
export class Disk {
  readonly #names: Map<string, File | 'folder'>;
  readonly #durable: Map<string, File | 'folder'>;
  #pending: Naming[] = [];
  readonly #open = new Map<number, { file: File | undefined; path: string; position: number; append: boolean }>();

  /** @param root a folder that is there */
  constructor(root: string) {
    this.#names = new Map([[root, 'folder']]);
    this.#durable = new Map([[root, 'folder']]);
  }

  apply(call: Call): void {
    switch (call.call) {
      case 'open':
        this.#openFile(call);
        break;
      case 'rename': {
        const file = this.#names.get(call.from)!;
        this.#name(dirname(call.to), (names) => {
          names.delete(call.from);
          names.set(call.to, file);
        });
        break;
      }
      case 'mkdir':
        this.#name(dirname(call.path), (names) => names.set(call.path, 'folder'));
        break;
      case 'unlink':
        this.#name(dirname(call.path), (names) => names.delete(call.path));
        break;
      case 'close':
        this.#open.delete(call.fd);
        break;
      case 'sync':
        this.#sync(call.fd);
        break;
      case 'truncate':
        this.#open.get(call.fd)?.file?.pending.push({ size: call.size });
        break;
      case 'write':
        this.#write(call);
    }
  }

  /** The files and folders that a crash now leaves, by one chance of many. @param random uniform in (0, 1) */
  crash(random: () => number): Map<string, Buffer | 'folder'> {
    const names = new Map(this.#durable);
    // half of the crashes keep names in their order, as file systems with a journal do; the others keep any of them
    const kept = random() < 0.5 ? Math.floor(random() * (this.#pending.length + 1)) : undefined;
    this.#pending.forEach(({ apply }, i) => {
      if (kept === undefined ? random() < 0.5 : i < kept) apply(names);
    });
    const left = new Map<string, Buffer | 'folder'>();
    for (const [path, file] of [...names].sort(([a], [b]) => a.length - b.length)) {
      if (path !== [...names.keys()][0] && names.get(dirname(path)) !== 'folder') continue;
      left.set(path, file === 'folder' ? file : torn(file, random));
    }
    return left;
  }

  #openFile({ fd, path, create, truncate, append }: Call & { call: 'open' }): void {
    let file = this.#names.get(path);
    if (file === undefined && create) {
      const made: File = { durable: Buffer.alloc(0), pending: [] };
      file = made;
      this.#name(dirname(path), (names) => names.set(path, made));
    }
    if (file === undefined) return;
    if (truncate && file !== 'folder') file.pending.push({ size: 0 });
    this.#open.set(fd, { file: file === 'folder' ? undefined : file, path, position: 0, append });
  }

  #write({ fd, bytes, offset }: Call & { call: 'write' }): void {
    const opened = this.#open.get(fd);
    if (opened?.file === undefined) return;
    const at = offset ?? (opened.append ? contentOf(opened.file).length : opened.position);
    if (offset === undefined) opened.position = at + bytes.length;
    opened.file.pending.push({ at, bytes });
  }

  #sync(fd: number): void {
    const { file, path } = this.#open.get(fd)!;
    if (file !== undefined) {
      file.durable = contentOf(file);
      file.pending = [];
      return;
    }
    for (const { folder, apply } of this.#pending) if (folder === path) apply(this.#durable);
    this.#pending = this.#pending.filter(({ folder }) => folder !== path);
  }

  #name(folder: string, apply: Naming['apply']): void {
    apply(this.#names);
    this.#pending.push({ folder, apply });
  }
}

/** Each change that was not synced is there, is not there, is there up to some byte, or has a hole of zeros. */
function torn({ durable, pending }: File, random: () => number): Buffer {
  return pending.reduce((content, change) => {
    const chance = random();
    if (chance < 1 / 4) return content;
    if (chance < 1 / 2 || 'size' in change) return changed(content, change);
    const { at, bytes } = change;
    const [from, to] = [random(), random()].map((share) => Math.floor(share * bytes.length)).sort((a, b) => a - b);
    if (chance < 3 / 4) return changed(content, { at, bytes: bytes.subarray(0, to) });
    return changed(content, { at, bytes: Buffer.from(bytes).fill(0, from, to) });
  }, durable);
}
