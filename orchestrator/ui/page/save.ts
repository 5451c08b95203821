/** Files that the page makes itself: of what is in sight, also where there is no server. */

export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

export type CsvValue = string | number | boolean | null | undefined;

/** As RFC 4180 has it, with a line feed at the end of each row. */
export function csvBlob(rows: Iterable<readonly CsvValue[]>): Blob {
  const quoted = (value: CsvValue) => {
    const text = String(value ?? '');
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = Array.from(rows, (row) => `${row.map(quoted).join(',')}\n`);
  return new Blob(lines, { type: 'text/csv' });
}

export const svgBlob = (svg: string): Blob => new Blob([svg], { type: 'image/svg+xml' });

/** Pixels of the picture for each of the drawing, as in the figures of `plot`; fewer where browsers draw no larger picture. */
const SCALE = 2;
const MOST_PIXELS = 16_000;

export async function pngBlob(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const { naturalWidth: width, naturalHeight: height } = image;
  const scale = Math.min(SCALE, MOST_PIXELS / Math.max(width, height));
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, fail) =>
    canvas.toBlob((blob) => (blob === null ? fail(new Error('the picture is too large')) : done(blob)), 'image/png'),
  );
}

/** A name of letters that no file system objects to. */
export const fileName = (...parts: readonly (string | number)[]): string =>
  parts.map((part) => String(part).replace(/[^\w.-]+/g, '-')).join('-');
