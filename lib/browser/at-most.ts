/**
 * Runs something at once, and then for the same key not again within `everyMs`: what was asked meanwhile runs once at the end of it. Pages
 * can make as much noise as they like; each time somebody is asked over the network.
 */
export function createAtMost(everyMs: number, wait: (ms: number, signal: AbortSignal) => Promise<void>) {
  const resting = new Map<number, { isAsked: boolean }>();
  const never = new AbortController().signal;

  return async function run(key: number, work: () => Promise<void>): Promise<void> {
    const rest = resting.get(key);
    if (rest) {
      rest.isAsked = true;
      return;
    }
    const mine = { isAsked: false };
    resting.set(key, mine);
    const rested = wait(everyMs, never).then(() => {
      resting.delete(key);
      return mine.isAsked ? run(key, work) : undefined;
    });
    await Promise.all([work(), rested]);
  };
}
