/** The part of jstat in use; the package carries no types. */
declare module 'jstat' {
  const jStat: {
    studentt: {
      /** the quantile of Student's t: the x with P(t <= x) = p */
      inv(p: number, degreesOfFreedom: number): number;
    };
  };
  export = jStat;
}
