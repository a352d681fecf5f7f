import type { Clock } from '../clock.ts';
import type { HttpClient } from '../outbound/http.ts';
import { readDateHeader } from '../outbound/rate-headers.ts';

/** Hears from every answer what time it is on the other side. */
export interface Listener {
  to(http: HttpClient): HttpClient;
  /** By how much their clock is ahead of ours, by the last answer that told; null before one did. */
  clockAheadMs(): number | null;
}

/**
 * The header counts whole seconds and was written somewhere between question and answer, so the middle of both is compared with the
 * middle of that second. https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1
 */
export function createListener(clock: Clock): Listener {
  let ahead: number | null = null;
  const nowMs = () => clock.now().getTime();
  return {
    clockAheadMs: () => ahead,
    to: (http) => ({
      request(request) {
        const askedAt = nowMs();
        return http.request({
          ...request,
          onAnswer(head) {
            const told = readDateHeader(head.headers);
            if (told !== null) ahead = told + 500 - (askedAt + nowMs()) / 2;
            request.onAnswer?.(head);
          },
        });
      },
    }),
  };
}
