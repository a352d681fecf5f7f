import type { Clock } from '../clock.ts';
import type { HttpClient } from '../outbound/http.ts';
import { succeed } from '../outbound/outcome.ts';
import { readDateHeader } from '../outbound/rate-headers.ts';
import type { AtsAdapter } from './port.ts';

/** `Date` counts whole seconds and an answer takes some on its way; less than this is no difference worth a word. */
const WORTH_TELLING_MS = 60_000;
/** A clock may run wrong by minutes. What is further off comes from a cache or from a header that means nothing. */
const BELIEVABLE_MS = 3_600_000;
/** A machine that takes its hardware clock's local time for UTC is wrong by up to 14 hours, until it hears the right time. */
const OWN_BELIEVABLE_MS = 24 * 3_600_000;

export interface ClockWatch {
  /** The same client; the `Date` of each answer is noted. */
  watching(http: HttpClient): HttpClient;
  /** How far the ATS's clock is ahead of ours, in milliseconds, negative where it is behind; null while they agree or nothing is known. */
  aheadMs(): number | null;
  /** How far our clock was ahead of the ATS's at its last answer, in milliseconds; 0 where it was not, or nothing is known. */
  ownAheadMs(): number;
}

export function createClockWatch(clock: Clock): ClockWatch {
  let ahead: number | null = null;
  return {
    watching: (http) => ({
      request: (request) =>
        http.request({
          ...request,
          onAnswer(head) {
            const date = readDateHeader(head.headers);
            if (date !== null) ahead = date - clock.now().getTime();
            request.onAnswer?.(head);
          },
        }),
    }),
    aheadMs: () => (ahead !== null && Math.abs(ahead) >= WORTH_TELLING_MS && Math.abs(ahead) < BELIEVABLE_MS ? ahead : null),
    ownAheadMs: () => (ahead !== null && ahead <= -WORTH_TELLING_MS && ahead > -OWN_BELIEVABLE_MS ? -ahead : 0),
  };
}

/** The adapter, which with its snapshots says how far the ATS's clock is from ours, so that its times can be compared with our own. */
export function tellingClock(adapter: AtsAdapter, watch: Pick<ClockWatch, 'aheadMs' | 'ownAheadMs'>): AtsAdapter {
  return {
    ...adapter,
    ownClockAheadMs: () => watch.ownAheadMs(),
    async readSnapshot(applicationId) {
      const read = await adapter.readSnapshot(applicationId);
      const clockAheadMs = watch.aheadMs();
      return read.ok && clockAheadMs !== null ? succeed({ ...read.value, clockAheadMs }) : read;
    },
  };
}
