declare module 'jstat' {
  const jstat: {
    /** Student's t distribution. */
    readonly studentt: {
      /** Quantile of `probability` with `degreesOfFreedom`. */
      inv(probability: number, degreesOfFreedom: number): number;
    };
  };
  export default jstat;
}
