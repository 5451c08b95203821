/** More sweeps than any matrix needs: about two an eigenvalue do. */
const MOST_SWEEPS = 50;

/**
 * Eigenvalues, ascending, and orthonormal eigenvectors of a symmetric tridiagonal matrix, by implicitly shifted QR steps with
 * Wilkinson's shift (Golub and Van Loan, Matrix Computations, 4th edition, algorithms 8.3.2 and 8.3.3). float64, only + - * / and sqrt.
 *
 * @param diagonal m values
 * @param offDiagonal m - 1 values, those beside the diagonal
 * @param from the first component of the eigenvectors that is wanted: with the last one alone it takes a share 1/m of the time, to the same bits
 * @returns vectors[k] belongs to values[k], without the components before `from`
 */
export function tridiagonalEigen(
  diagonal: readonly number[],
  offDiagonal: readonly number[],
  from = 0,
): { values: number[]; vectors: Float64Array[] } {
  const m = diagonal.length;
  const a = [...diagonal];
  const b = offDiagonal.slice(0, m - 1);
  const vectors: Float64Array[] = [];
  for (let k = 0; k < m; k++) {
    const vector = new Float64Array(m - from);
    if (k >= from) vector[k - from] = 1;
    vectors.push(vector);
  }
  let high = m - 1;
  for (let sweeps = 0; high > 0 && sweeps < MOST_SWEEPS * m; sweeps++) {
    let low = high;
    while (low > 0 && !isNegligible(b[low - 1], a[low - 1], a[low])) low -= 1;
    if (low === high) high -= 1;
    else sweep(a, b, vectors, low, high);
  }
  const order = a.map((_, k) => k).sort((i, j) => a[i] - a[j] || i - j);
  return { values: order.map((k) => a[k]), vectors: order.map((k) => vectors[k]) };
}

function isNegligible(beside: number, above: number, below: number): boolean {
  const size = Math.abs(above) + Math.abs(below);
  return size + Math.abs(beside) === size;
}

/** One QR step on the rows `low` to `high`: rotations in the planes (k, k + 1) chase the bulge down. */
function sweep(a: number[], b: number[], vectors: Float64Array[], low: number, high: number): void {
  const half = (a[high - 1] - a[high]) / 2;
  const last = b[high - 1];
  const root = Math.sqrt(half * half + last * last);
  const shift = a[high] - (last * last) / (half + (half < 0 ? -root : root));
  let x = a[low] - shift;
  let bulge = b[low];
  for (let k = low; k < high; k++) {
    const r = Math.sqrt(x * x + bulge * bulge);
    const c = r === 0 ? 1 : x / r;
    const s = r === 0 ? 0 : bulge / r;
    if (k > low) b[k - 1] = r;
    const [above, beside, below] = [a[k], b[k], a[k + 1]];
    a[k] = c * c * above + 2 * c * s * beside + s * s * below;
    a[k + 1] = s * s * above - 2 * c * s * beside + c * c * below;
    b[k] = c * s * (below - above) + (c * c - s * s) * beside;
    if (k + 1 < high) {
      x = b[k];
      bulge = s * b[k + 1];
      b[k + 1] = c * b[k + 1];
    }
    const [first, second] = [vectors[k], vectors[k + 1]];
    for (let i = 0; i < first.length; i++) {
      const value = first[i];
      first[i] = c * value + s * second[i];
      second[i] = c * second[i] - s * value;
    }
  }
}
