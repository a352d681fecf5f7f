import type { Invitation } from '../../../lib/domain/invitation.ts';
import type { ApplicationState } from '../state.ts';
import { ask, because, type Step } from '../step.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** Whoever was invited a moment ago needs no reminder, nor does anybody twice within a day. */
const APART_MS = 20 * HOUR_MS;
/**
 * Nobody is woken by an e-mail of ours. Where candidates live is not known; these hours, UTC, are by day in Europe and not in the small
 * hours of either American coast.
 */
export const REMINDING_HOURS = { from: 8, until: 18 } as const;

/** When each invitation is to be reminded of next, ISO 8601; nobody who has left or may be about to is reminded. */
export function nextReminders(state: ApplicationState): string[] {
  if (state.closed || state.leaving !== null) return [];
  return state.invitations.flatMap((invitation) => momentsOf(invitation, state.effectKeys).slice(0, 1));
}

/** Asks for the reminders that are due. Of several that were missed only the last one goes out. */
export function remind(step: Step, now: Date): Step {
  if (nextReminders(step.state).length === 0) return step;
  return step.state.invitations.reduce((soFar, invitation) => remindOf(soFar, invitation, now), step);
}

function remindOf(step: Step, invitation: Invitation, now: Date): Step {
  const due = momentsOf(invitation, step.state.effectKeys)
    .filter((at) => Date.parse(at) <= now.getTime())
    .at(-1);
  if (!due) return step;
  const asked = ask({ ...step, invitationId: invitation.id }, toEffect(invitation, due));
  return because(asked, 'reminder-due', { assessment: invitation.assessmentName });
}

function toEffect({ id }: Invitation, at: string) {
  return { kind: 'remind-candidate' as const, key: `${keyStart(id)}${at}`, invitationId: id };
}

const keyStart = (id: string) => `remind:${id}:`;

/** Moments that are still to come or missed, earliest first. One that was asked for settles all before it, also after an extension. */
function momentsOf(invitation: Invitation, effectKeys: readonly string[]): string[] {
  const { state, expiresAt, sentAt, options, handover, id } = invitation;
  // Whoever handed the link over by hand did not want an e-mail.
  if (state !== 'sent' || !expiresAt || !sentAt || handover === 'copy link') return [];
  const asked = effectKeys.filter((key) => key.startsWith(keyStart(id))).map((key) => Date.parse(key.slice(keyStart(id).length)));
  const earliest = Math.max(Date.parse(sentAt), ...asked) + APART_MS;
  const deadline = Date.parse(expiresAt);
  return (options.remindDays ?? [])
    .map((days) => byDay(deadline - days * DAY_MS))
    .filter((at) => at >= earliest && at < deadline)
    .toSorted((a, b) => a - b)
    .map((at) => new Date(at).toISOString());
}

/** The same day, within the hours. */
function byDay(at: number): number {
  const midnight = Math.floor(at / DAY_MS) * DAY_MS;
  const first = midnight + REMINDING_HOURS.from * HOUR_MS;
  const last = midnight + (REMINDING_HOURS.until - 1) * HOUR_MS;
  return Math.min(Math.max(at, first), last);
}

/** How long until the hours begin again; 0 within them. */
export function untilRemindingHours(now: Date): number {
  const hour = now.getUTCHours();
  if (hour >= REMINDING_HOURS.from && hour < REMINDING_HOURS.until) return 0;
  const midnight = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  const first = midnight + REMINDING_HOURS.from * HOUR_MS;
  return (first > now.getTime() ? first : first + DAY_MS) - now.getTime();
}
