/** The browser's time, as the follower needs it. */

import type { Pace } from "./follow.ts";

export const browserPace: Pace = {
  sleep: (milliseconds, cut) => untilCut(cut, (done) => {
    const timer = setTimeout(done, milliseconds);
    return () => clearTimeout(timer);
  }),
  visible: (stop) => {
    if (!document.hidden) return Promise.resolve();
    return untilCut(stop, (done) => {
      const changed = (): void => void (document.hidden || done());
      document.addEventListener("visibilitychange", changed);
      return () => document.removeEventListener("visibilitychange", changed);
    });
  },
};

/** Resolves when `begin` says so or the signal comes, and cleans up either way. */
function untilCut(signal: AbortSignal, begin: (done: () => void) => () => void): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      clean();
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const clean = begin(finish);
    signal.addEventListener("abort", finish);
  });
}
