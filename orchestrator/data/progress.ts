/** Between two plain lines, in milliseconds. */
const LINE_MS = 5000;
/** Between two redrawings on a terminal. */
const DRAW_MS = 100;

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Tells how far a download is: on a terminal in a line that is written over, else in a line now and then. */
export function downloadProgress(stream: NodeJS.WritableStream & { readonly isTTY?: boolean }, quiet: boolean) {
  let last = 0;
  let drawn = false;
  const clear = () => {
    if (drawn) stream.write('\r\u001b[K');
    drawn = false;
  };
  return {
    onProgress(file: string, done: number, total: number | undefined): void {
      const now = performance.now();
      if (quiet || now - last < (stream.isTTY ? DRAW_MS : LINE_MS)) return;
      last = now;
      const text = `${file}: ${megabytes(done)}${total === undefined ? '' : ` of ${megabytes(total)}`}`;
      if (!stream.isTTY) return void stream.write(`${text}\n`);
      clear();
      stream.write(text);
      drawn = true;
    },
    note(text: string): void {
      clear();
      if (!quiet) stream.write(`${text}\n`);
    },
    finish: clear,
  };
}
