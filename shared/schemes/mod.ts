import { z } from 'zod';
import { lazily, type Parsed } from '../lazily.ts';
import { constant } from './constant.ts';
import { inverseInitialSharpness } from './inverse-initial-sharpness.ts';
import { inverseSharpness } from './inverse-sharpness.ts';
import { layerInverseSharpness } from './layer-inverse-sharpness.ts';
import { lineSearch } from './line-search.ts';
import type { Scheme } from './scheme.ts';
import { warmUp } from './warm-up.ts';

export type { Iterate, Scheme, Step } from './scheme.ts';

/** Every scheme there is. A new one is a file, and a line here. */
export const SCHEMES = [
  constant,
  inverseInitialSharpness,
  inverseSharpness,
  layerInverseSharpness,
  lineSearch,
  warmUp,
] as const;
export const SCHEME_KINDS = SCHEMES.map(({ kind }) => kind);

/** A scheme with the values of all its parameters. */
export const schemeSchema = lazily(() =>
  z.discriminatedUnion('kind', [
    constant.schema(),
    inverseInitialSharpness.schema(),
    inverseSharpness.schema(),
    layerInverseSharpness.schema(),
    lineSearch.schema(),
    warmUp.schema(),
  ]),
);
export type SchemeValues = Parsed<typeof schemeSchema>;

/** The rule for these values. Each takes the values of its own kind. */
export function schemeOf({ kind }: Pick<SchemeValues, 'kind'>): Scheme {
  return SCHEMES.find((scheme) => scheme.kind === kind) as unknown as Scheme;
}

/** How tables and figures call it, such as `constant 0.08`. */
export function schemeLabel({ kind, ...values }: SchemeValues): string {
  return schemeOf({ kind }).label(values as Record<string, number>);
}
