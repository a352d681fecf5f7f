import type { CallResult } from '../../../server/outbound/outcome.ts';
import { toMailFailure } from '../../../server/outbound/to-mail-failure.ts';

/**
 * What becomes of a mail. `lost`: taken, and the answer never comes. `fatal`: taken, and whoever sent it is no more. `unreached`: nobody is
 * there. `silence`: handed over and not taken, and no answer comes. Otherwise what the mail server answers instead of taking it.
 */
export type MailWeather = 'fair' | 'lost' | 'fatal' | 'unreached' | 'silence' | { reply: number };

/** Whether the mail server has it now. */
export function isTaken(weather: MailWeather): boolean {
  return weather === 'fair' || weather === 'lost' || weather === 'fatal';
}

/** What our mailer makes of it: the sentences are the real ones. */
export function toMailResult(weather: MailWeather): CallResult<void> {
  if (weather === 'fair' || weather === 'fatal') return { ok: true, value: undefined };
  if (typeof weather === 'object') {
    const error = Object.assign(new Error(`${weather.reply} said the mail server`), {
      ...{ code: 'EENVELOPE', responseCode: weather.reply },
    });
    return { ok: false, ...toMailFailure({ ok: false, error, handedOver: false }) };
  }
  const error = new Error(weather === 'unreached' ? 'ECONNREFUSED' : 'ECONNRESET');
  return { ok: false, ...toMailFailure({ ok: false, error, handedOver: weather !== 'unreached' }) };
}
