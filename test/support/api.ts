/** The library as it is built. Its threads load faster than those of the single modules. */
const built: typeof import('../../dist/orchestrator/api/mod.js') = await import(
  new URL('../../dist/program/api.js', import.meta.url).href
);

export const { runSweep } = built;
