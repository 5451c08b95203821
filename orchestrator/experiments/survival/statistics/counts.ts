/** How many of the trainings on one data set diverged, by step size. */
export type DataSet = { trained: Uint32Array; diverged: Uint32Array };

/** The sums over data sets. */
export function pooled(dataSets: readonly DataSet[], length: number): DataSet {
  const sum = emptyDataSet(length);
  for (const { trained, diverged } of dataSets) {
    for (let i = 0; i < length; i++) {
      sum.trained[i] += trained[i];
      sum.diverged[i] += diverged[i];
    }
  }
  return sum;
}

export const emptyDataSet = (length: number): DataSet => ({
  trained: new Uint32Array(length),
  diverged: new Uint32Array(length),
});
