import { hash } from 'node:crypto';

/** Hexadecimal digits of a seal: 128 bits of SHA-256, enough that no damage passes by chance. */
const DIGITS = 32;
const SEAL = new RegExp(`,"digest":"([0-9a-f]{${DIGITS}})"\\}$`);

const digestOf = (text: string): string => hash('sha256', text, 'hex').slice(0, DIGITS);

/**
 * The JSON of an object with a last key `digest`: the beginning of the SHA-256 of the text without it. So every byte counts, and a
 * value that is written in another way is another text.
 */
export function seal(value: object): string {
  return sealText(JSON.stringify(value));
}

/** @param text JSON of an object that is not empty */
export const sealText = (text: string): string => `${text.slice(0, -1)},"digest":"${digestOf(text)}"}`;

/** The text without its digest; undefined where it has none, `damaged` where the digest is of another text. */
export function unseal(text: string): { text: string } | 'damaged' | undefined {
  const found = SEAL.exec(text);
  if (found === null) return undefined;
  const rest = `${text.slice(0, found.index)}}`;
  return digestOf(rest) === found[1] ? { text: rest } : 'damaged';
}
