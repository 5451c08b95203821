import { describe, expect, it } from 'vitest';
import { isSignatureOf, makeNodeKey, nodeKeyOf, type Outcome, outcomeSchemaOf, signOutcome } from '../../shared/mod.ts';
import { decodeOutcome, encode } from '../../shared/protocol/mod.ts';
import { outcomeOf, tasks } from './signed.ts';

const key = nodeKeyOf(makeNodeKey());
const by = { sweep: 'sweep-1', node: 'node-1' };
const signed = signOutcome(outcomeOf(tasks[0]), by, key);
const isValid = (outcome: Outcome): boolean => isSignatureOf(outcome, outcome.provenance.signed!);
const withSigned = (changes: object): Outcome => ({
  ...signed,
  provenance: { ...signed.provenance, signed: { ...signed.provenance.signed!, ...changes } },
});

describe('a signed outcome', () => {
  it('is what its schema and the wire allow, and verifies after both', () => {
    expect(outcomeSchemaOf('maximal-step-size').safeParse(signed).success).toBe(true);
    const decoded = decodeOutcome(encode(signed), signed.task.id);
    if (!decoded.ok) throw new Error(decoded.problem);
    expect(isValid(decoded.value)).toBe(true);
  });

  it('keeps its signature when keys stand in another order, and when what is not signed differs', () => {
    const { result, provenance } = signed;
    const reversed = Object.fromEntries(Object.entries(result).reverse()) as typeof result;
    expect(isValid({ ...signed, result: reversed } as Outcome)).toBe(true);
    expect(isValid({ ...signed, provenance: { ...provenance, seconds: 99, host: 'elsewhere' } })).toBe(true);
  });

  it('does not verify with another result, task, sweep, node, key or signature', () => {
    const [, other] = tasks;
    const forged = [
      { ...signed, result: outcomeOf(tasks[0], 1).result } as Outcome,
      { ...signed, task: other } as Outcome,
      withSigned({ sweep: 'sweep-2' }),
      withSigned({ node: 'node-2' }),
      withSigned({ key: nodeKeyOf(makeNodeKey()).publicKey }),
      withSigned({ signature: signOutcome(signed, { ...by, node: 'node-2' }, key).provenance.signed!.signature }),
      // no point of the curve
      withSigned({ key: `ed25519:${Buffer.alloc(32, 0xfe).toString('base64url')}` }),
    ];
    expect(forged.map(isValid)).toEqual(forged.map(() => false));
  });

  it('is refused with a key or signature that is written in a second way', () => {
    const last = (text: string, letter: string) => `${text.slice(0, -1)}${letter}`;
    const { key: publicKey, signature } = signed.provenance.signed!;
    for (const changes of [{ key: last(publicKey, 'B') }, { signature: last(signature, 'B') }, { extra: 1 }])
      expect(outcomeSchemaOf('maximal-step-size').safeParse(withSigned(changes)).success).toBe(false);
  });
});

it('a key of another kind is no node key', () => {
  expect(() => nodeKeyOf('-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n')).toThrow();
});
