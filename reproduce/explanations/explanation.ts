import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type Context = {
  /** folder of results */
  out: string;
  /** data directory, for CIFAR-10 */
  data: string | undefined;
};

/** Why a claim does not hold, or cannot be told: numbers that test it, and what they say. */
export type Explanation<Numbers> = {
  name: string;
  compute(context: Context): Numbers | Promise<Numbers>;
  text(numbers: Numbers): string;
};

/** The text of an explanation; its numbers are kept, so that a second call only writes. */
export async function explain<Numbers>(
  { name, compute, text }: Explanation<Numbers>,
  context: Context,
): Promise<string> {
  const file = join(context.out, `${name}.json`);
  if (!existsSync(file)) {
    mkdirSync(context.out, { recursive: true });
    writeFileSync(file, JSON.stringify(await compute(context)));
  }
  return text(JSON.parse(readFileSync(file, 'utf8')) as Numbers);
}
