/** For `vi.waitFor` and its like: longer than a machine stands still, and within the time of a test. Nobody waits for it who gets it sooner. */
export const SOON = { timeout: 20_000 };
