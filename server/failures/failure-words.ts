import { dayInWords } from '../day-in-words.ts';
import { type SayKey, say } from '../say.ts';
import type { Effect } from '../workflow/effect.ts';
import type { FailureRow } from './list-failures.ts';

/** A failure as sentences: what failed, and why as far as that is known. */
export function failureWords(row: FailureRow): { text: string; why: string | null } {
  const { reason, times } = row.failure;
  const { values } = reason;
  const gone = values.effect ?? '';
  switch (reason.code) {
    case 'effect-failed':
      return { text: say('server.failure.effect-failed', { what: effectWords(row.effect, gone) }), why: sentence(row.error) };
    case 'effect-unconfirmed':
      return {
        text: say('server.failure.effect-unconfirmed', { what: effectWords(row.effect, gone) }),
        why: sentence(row.error),
      };
    case 'effect-not-again':
      return { text: say('server.failure.effect-not-again', { what: effectWords(row.effect, gone) }), why: row.refusal };
    case 'delivery-unreadable':
      return { text: say('server.failure.delivery-unreadable', { event: values.event ?? '' }), why: null };
    case 'report-unreadable':
      return { text: say('server.failure.report-unreadable'), why: say('server.failure.report-unreadable-why') };
    case 'delivery-unnamed':
      return { text: say('server.failure.delivery-unnamed', { event: values.event ?? '' }), why: null };
    case 'delivery-failed':
    case 'delivery-again':
      return { text: say('server.failure.delivery-failed', { event: values.event ?? '' }), why: fault(values) };
    case 'lane-failed':
      return { text: say('server.failure.lane-failed'), why: fault(values) };
    case 'lane-unreadable':
      return { text: say('server.failure.lane-unreadable'), why: say('server.failure.lane-unreadable-why') };
    case 'input-failed':
      return { text: say('server.failure.input-failed', { what: inputWords(values.input) }), why: fault(values) };
    case 'job-dead':
      return { text: say(values.queue === 'sweep' ? 'server.failure.sweep-dead' : 'server.failure.job-dead'), why: null };
    case 'gap':
      if (times === 0) return { text: say('server.failure.gap-none'), why: null };
      return {
        text: say(times === 1 ? 'server.failure.gap-one' : 'server.failure.gap', { count: times }),
        why: say('server.failure.gap-why'),
      };
    case 'put-aside':
      return { text: say('server.failure.put-aside', { date: dayInWords(new Date(values.erasedAt ?? 0)) }), why: null };
    default:
      return { text: say('server.failure.other'), why: null };
  }
}

/** What an effect does, as the middle of a sentence: "the note about Senior SWE". A newer version may know other kinds. */
export function effectWords(effect: Effect | null, kind: string): string {
  const known = EFFECTS[(effect?.kind ?? kind) as Effect['kind']];
  return known ? say(known, gapsOf(effect)) : say('server.failure.what.other');
}

const EFFECTS: Record<Effect['kind'], SayKey> = {
  'send-invitation': 'server.failure.what.send-invitation',
  'cancel-invitation': 'server.failure.what.cancel-invitation',
  'resend-invitation': 'server.failure.what.resend-invitation',
  'extend-invitation': 'server.failure.what.extend-invitation',
  'give-extra-time': 'server.failure.what.give-extra-time',
  'remind-candidate': 'server.failure.what.remind-candidate',
  'write-note': 'server.failure.what.write-note',
  'write-fields': 'server.failure.what.write-fields',
  'add-link': 'server.failure.what.add-link',
  'attach-report': 'server.failure.what.attach-report',
  'write-feedback': 'server.failure.what.write-feedback',
  'add-tag': 'server.failure.what.add-tag',
  'remove-tag': 'server.failure.what.remove-tag',
  'move-to-stage': 'server.failure.what.move-to-stage',
  'tell-outcome': 'server.failure.what.tell-outcome',
  'call-hook': 'server.failure.what.call-hook',
  'change-application': 'server.failure.what.change-application',
};

function gapsOf(effect: Effect | null): Record<string, string> {
  const tag = effect && 'tag' in effect ? effect.tag : '';
  const stage = effect && 'toStageName' in effect ? (effect.toStageName ?? '') : '';
  return { tag, stage };
}

function inputWords(kind: string | undefined): string {
  if (kind === 'vendor-hint' || kind === 'poll') return say('server.failure.input.report');
  return say(kind === 'effect' ? 'server.failure.input.effect' : 'server.failure.input.click');
}

function fault({ fault: name }: Record<string, string>): string {
  return say('server.failure.fault', { fault: name ?? '' });
}

/** Some are written as the end of a sentence; here each stands alone. */
function sentence(text: string | null): string | null {
  return text === null || text === '' ? null : text.charAt(0).toLocaleUpperCase('en') + text.slice(1);
}
