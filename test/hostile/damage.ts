/** Random damage to the bytes of a file. `random` is uniform in (0, 1). */
export type Damage = (bytes: Buffer, random: () => number) => Buffer;

const pick = (count: number, random: () => number): number => Math.floor(random() * count);

const flip: Damage = (bytes, random) => {
  const copy = Buffer.from(bytes);
  copy[pick(copy.length, random)] ^= 1 << pick(8, random);
  return copy;
};

const truncation: Damage = (bytes, random) => Buffer.from(bytes.subarray(0, pick(bytes.length, random)));

const hole: Damage = (bytes, random) => {
  const [from, length] = [pick(bytes.length, random), 1 + pick(400, random)];
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)]);
};

const zeros: Damage = (bytes, random) => {
  const copy = Buffer.from(bytes);
  const from = pick(copy.length, random);
  copy.fill(0, from, Math.min(copy.length, from + 1 + pick(600, random)));
  return copy;
};

/** Of any file. */
export const OF_BYTES = { flip, truncation, hole, zeros } as const;

/** Changes the lines of a journal, whose last line is finished. */
const ofLines =
  (change: (lines: string[], random: () => number) => string[]): Damage =>
  (bytes, random) => {
    const lines = bytes.toString('utf8').split('\n').slice(0, -1);
    return Buffer.from(`${change(lines, random).join('\n')}\n`);
  };

const PARTS = [/"result":\{.*?\}(?=,"provenance")/, /"digest":"\w+"/, /"run":\d+/, /"stepSize":[\d.]+/];

/** Part of one line in the place of the same part of another. */
const swap = ofLines((lines, random) => {
  const part = PARTS[pick(PARTS.length, random)];
  const [a, b] = [pick(lines.length, random), pick(lines.length, random)];
  const [first, second] = [a, b].map((i) => part.exec(lines[i])![0]);
  lines[a] = lines[a].replace(first, second);
  if (a !== b) lines[b] = lines[b].replace(second, first);
  return lines;
});

/** A key that stands in one object twice, the false value first or last. */
const duplicateKey = ofLines((lines, random) => {
  const at = pick(lines.length, random);
  const [before, after] = random() < 0.5 ? ['"stepSize":1,', ''] : ['', ',"stepSize":1'];
  lines[at] = lines[at].replace(
    /"result":\{(.*?)\}(?=\},"provenance"|,"provenance")/,
    `"result":{${before}$1${after}}`,
  );
  return lines;
});

/** A line once more, as it is or with another number in its result. */
const duplicateLine = ofLines((lines, random) => {
  const line = lines[pick(lines.length, random)];
  const copy = random() < 0.5 ? line : line.replace(/"rung":(\d+)/, (_, rung) => `"rung":${Number(rung) + 1}`);
  lines.splice(pick(lines.length, random), 0, copy);
  return lines;
});

/** A number of a result is changed, and nothing else. */
const forgedNumber = ofLines((lines, random) => {
  const at = pick(lines.length, random);
  const key = ['stepSize', 'rung', 'trials', 'steps', 'iteration'][pick(5, random)];
  const factor = [-1, 1e300, 1.01, 0, 1000][pick(5, random)];
  lines[at] = lines[at].replace(new RegExp(`"${key}":([\\d.]+)`), (_, value) => `"${key}":${Number(value) * factor}`);
  return lines;
});

export const OF_LINES = { swap, duplicateKey, duplicateLine, forgedNumber } as const;
