import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { canonicalize } from './canonical.ts';
import { lazily, type Parsed } from './lazily.ts';
import type { Outcome } from './outcome.ts';

const PREFIX = 'ed25519:';

/**
 * A public key as text: its 32 bytes in base64url, in the one way to write them. It is as short as a digest of it would be, so it is its own
 * fingerprint.
 */
export const publicKeySchema = lazily(() => z.string().regex(/^ed25519:[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/));

/** By whom a result was signed. All but the key is covered by the signature, and the key by being the one that verifies it. */
export const signedSchema = lazily(() =>
  z.strictObject({
    /** key of the sweep on the server, see `sweepKey` */
    sweep: z.string().max(300),
    /** name of the node */
    node: z.string().min(1).max(200),
    key: publicKeySchema(),
    /** 64 bytes in base64url */
    signature: z.string().regex(/^[A-Za-z0-9_-]{85}[AQgw]$/),
  }),
);
export type Signed = Parsed<typeof signedSchema>;

/** The private key of a node. */
export type NodeKey = { readonly publicKey: string; sign(text: string): string };

/** A new private key, as PEM. */
export const makeNodeKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** @throws what OpenSSL says of text that is no private key of Ed25519 */
export function nodeKeyOf(pem: string): NodeKey {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`a key of type ${key.asymmetricKeyType}`);
  return {
    publicKey: `${PREFIX}${createPublicKey(key).export({ format: 'jwk' }).x}`,
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64url'),
  };
}

/**
 * What is signed: canonical JSON (RFC 8785) of the result, of the task by its id, which is a hash of its text, of sweep and node. The name of the
 * form keeps a signature from passing as one of something else.
 */
const signedText = ({ task, result }: Outcome, { sweep, node }: Pick<Signed, 'sweep' | 'node'>): string =>
  canonicalize({ form: 'edgesweep-result-1', node, result, sweep, task: task.id });

export function signOutcome(outcome: Outcome, by: Pick<Signed, 'sweep' | 'node'>, key: NodeKey): Outcome {
  const signature = key.sign(signedText(outcome, by));
  return { ...outcome, provenance: { ...outcome.provenance, signed: { ...by, key: key.publicKey, signature } } };
}

/** Is the outcome what the holder of the key has signed? */
export function isSignatureOf(outcome: Outcome, signed: Signed): boolean {
  const signature = Buffer.from(signed.signature, 'base64url');
  try {
    return verify(null, Buffer.from(signedText(outcome, signed)), keyObject(signed.key), signature);
  } catch {
    // 32 bytes that are no point of the curve
    return false;
  }
}

/** Reading a key takes about as long as verifying with it. Anyone may invent keys, so not all are kept. */
const MOST_KNOWN = 1000;
const known = new Map<string, KeyObject>();

function keyObject(text: string): KeyObject {
  const before = known.get(text);
  if (before !== undefined) return before;
  const x = text.slice(PREFIX.length);
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, key);
  return key;
}
