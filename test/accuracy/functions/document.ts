import { CASES } from './cases.ts';
import type { Measured } from './error.ts';

const rounded = (x: number): string => String(Number(x.toPrecision(3)));

/** What comes out where the exact result is subnormal: 0 up to some magnitude, and above it an error in units of 2^-149. */
function underflow({ zeroBelow, subnormalError }: Measured): string {
  if (zeroBelow === 0 && subnormalError === 0) return 'none, or exact';
  const others = `else to ${rounded(subnormalError)} x 2^-149`;
  return zeroBelow === 0 ? others : `0 up to ${rounded(zeroBelow)}, ${others}`;
}

/** docs/functions.md. `provenance` says with what it was made. */
export function document(measured: ReadonlyMap<string, Measured>, provenance: string): string {
  const rows = CASES.map((c) => {
    const found = measured.get(c.name);
    if (found === undefined) throw new RangeError(`${c.name} has not been measured`);
    const domain = c.least === undefined ? 'all' : `x >= ${c.least.argument} (${c.least.because})`;
    return `| ${c.name} | ${found.error.toFixed(3)} | ${found.at} | ${c.bound} | ${domain} | ${underflow(found)} |`;
  });
  return `# Accuracy of the elementary functions

\`worker/engines/reference/functions.ts\` has them in float32, from +, -, *, / and comparisons alone; the simd engine does the same
operations on four lanes, and a property test compares the two bit by bit. Here their results are compared with float64, whose
own error is below 1e-6 of a unit in the last place (ulp) of float32.

Arguments: every float32 with 2^-32 <= |x| < 2^8, both signs, 671 million a function. Outside, where the functions are linear,
constant or the identity and the error could only fall, and the logarithm is that of another power of two, every 1021st.

The largest error is in ulp of the exact result, where that is at least 2^-126, the least normal float32; of the GELU's slope in ulp
of the larger of its two terms, Phi(x) and x phi(x), which cancel at -0.75, and so of the SiLU's, sigmoid(x) and x sigmoid'(x), which cancel
at -1.28. It is computed as PyTorch does, and errs most where 1 - sigmoid(x) has few bits left. The bound is what the docstrings state and the unit
tests hold the functions to. The last column says what comes out where the exact result is subnormal.

| function | largest error (ulp) | at x | bound (ulp) | holds for | subnormal results |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

\`normalCdf\` is Phi, the standard normal distribution function; \`gauss\` is e^(-x^2 / 2). NaN gives NaN everywhere.

Made by \`make functions\`, ${provenance}.
`;
}
