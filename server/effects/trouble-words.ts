import type { CallFailure } from '../outbound/outcome.ts';
import { unexplained } from '../outbound/unexplained.ts';
import { say } from '../say.ts';

/** A failure as a sentence that says what it means and who can mend it. `system` is the name a recruiter knows. */
export function troubleWords(failure: CallFailure, system: string): string {
  if (failure.kind === 'forbidden' && failure.right !== undefined)
    return say('server.trouble.forbidden-right', { system, right: failure.right });
  if (failure.kind === 'rate-limited' && failure.inOurQueue) return say('server.trouble.in-our-queue', { system });
  const how = unexplained(failure);
  // A number tells a recruiter nothing; who can find out does.
  if (how === 'moved') return say('server.trouble.moved-away', { system });
  if (how === 'silent' && 'status' in failure) return say('server.trouble.refused-silently', { system, status: failure.status });
  return say(`server.trouble.${failure.kind}`, { system, detail: 'detail' in failure ? failure.detail : '' }).trim();
}
