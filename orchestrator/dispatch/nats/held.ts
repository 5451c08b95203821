/** What is handed out, and who could take more. */
export type Standing = {
  /** tasks that wait, and those that were handed out and are not acknowledged */
  queued: number;
  underWay: number;
  /** of the nodes that were heard lately: threads without a task, and tasks that they say they are busy with */
  idle: number;
  busy: number;
  /** tasks without an outcome */
  left: number;
};

/** How much longer tasks are left with nodes that say they are busy with them: they may be long, and to hand them out again is waste. */
const IF_CLAIMED = 30;

/**
 * Tells when tasks that were handed out are to be handed out again although nobody gave them back: a worker may take all there are, say
 * that it works on them, and never answer. That is so when others have been idle beside them for a while. Each time that it brings no
 * outcome, the next while is twice as long.
 * @param wait for the first time, in milliseconds @param most tasks that the server hands out before some are acknowledged
 * @returns to be asked again and again, with a clock in milliseconds
 */
export function watchHeld(wait: number, most: number): (standing: Standing, now: number) => boolean {
  let since: number | undefined;
  let doublings = 0;
  let leftBefore = Number.POSITIVE_INFINITY;
  return ({ queued, underWay, idle, busy, left }, now) => {
    const areHeld = underWay > 0 && idle > 0 && (queued === 0 || underWay >= most);
    if (!areHeld) {
      since = undefined;
      return false;
    }
    since ??= now;
    const patience = wait * (underWay > busy ? 1 : IF_CLAIMED) * 2 ** doublings;
    if (now - since < patience) return false;
    doublings = left < leftBefore ? 0 : doublings + 1;
    leftBefore = left;
    since = now;
    return true;
  };
}
