import type { CallFailure } from '../outbound/outcome.ts';
import { unexplained } from '../outbound/unexplained.ts';
import { say } from '../say.ts';
import { ApiError } from './api-error.ts';

/** What a failed call means for an admin, as a sentence. `name` is the ATS or vendor, `isConsent` whether a person there consented. */
export function describeFailure(failure: CallFailure, name: string, isConsent = false): string {
  const { detail } = failure;
  switch (failure.kind) {
    case 'unauthorised':
      return say(isConsent ? 'server.consent.refused' : 'server.check.unauthorised', { name });
    case 'forbidden':
      // The name under which the right stands on their pages helps more than what their API says.
      return say('server.check.forbidden', { name, detail: failure.right ?? detail });
    case 'not-found':
      return say('server.check.not-found', { name });
    case 'refused':
      if (unexplained(failure) === 'moved') return say('server.check.moved-away', { name });
      if (unexplained(failure) === 'silent') return say('server.check.refused-silently', { name, status: failure.status });
      return say('server.check.refused', { name, detail });
    case 'rate-limited':
      return failure.inOurQueue
        ? say('server.trouble.in-our-queue', { system: name })
        : say('server.check.rate-limited', { name });
    case 'unreachable':
    case 'ambiguous':
      return say('server.check.unreachable', { name });
    case 'unreadable':
      return say('server.check.unreadable', { name });
    case 'misconfigured':
      return say('server.check.misconfigured', { name, detail });
  }
}

/** The same as an error, for routes that cannot answer without the call. */
export function failureToError(failure: CallFailure, { name, side }: { name: string; side: 'ats' | 'vendor' }): ApiError {
  const message = describeFailure(failure, name);
  const isPassing = ['rate-limited', 'unreachable', 'ambiguous', 'unreadable'].includes(failure.kind);
  if (!isPassing) return new ApiError(side === 'ats' ? 'ats-refused' : 'vendor-refused', { message });
  const waitMs = failure.kind === 'rate-limited' ? failure.retryAfterMs : 10_000;
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new ApiError(side === 'ats' ? 'ats-unavailable' : 'vendor-unavailable', { message, retryAfterSeconds });
}
