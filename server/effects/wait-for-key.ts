import { say } from '../say.ts';
import type { EffectOutcome } from './runner.ts';

/** Only an admin can mend that. */
const KEY_MS = 60_000;

/**
 * What it means that something sealed does not open (an UnreadableSecret): no fault of the effect, which waits for the right master key or for
 * the secret to be entered again. What it was is not said: everybody who sees the candidate reads this, and what they need at a test is sealed too.
 */
export function waitForKey({ mayHaveHappened }: { mayHaveHappened: boolean }): EffectOutcome {
  return { kind: 'again', afterMs: KEY_MS, why: say('server.trouble.locked'), mayHaveHappened };
}
