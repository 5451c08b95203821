/** Milliseconds between two looks. */
const LOOK = 250;

/**
 * Ends a node that has had nothing to do for a while, counted from the end of its last task: a task may take longer than that.
 * @param counts the tasks that the node is computing now
 * @param maxIdle seconds; undefined: never
 * @returns what to call when a task begins or ends, and the timers to clear
 */
export function watchIdle(counts: { readonly busy: number }, maxIdle: number | undefined, end: () => void) {
  let last = performance.now();
  const onTask = (): void => {
    last = performance.now();
  };
  if (maxIdle === undefined) return { onTask, timers: [] };
  const look = (): void => {
    if (counts.busy > 0) onTask();
    else if (performance.now() - last > 1000 * maxIdle) end();
  };
  return { onTask, timers: [setInterval(look, LOOK)] };
}
