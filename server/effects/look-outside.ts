import { and, eq, inArray, isNull, ne, notInArray } from 'drizzle-orm';
import { type Invitation, type InvitationState, isOpen } from '../../lib/domain/invitation.ts';
import type { CallFailure } from '../outbound/outcome.ts';
import { invitations } from '../storage/schema.ts';
import { withoutOwn } from '../storage/without-own.ts';
import type { FoundInvitation } from '../vendors/operations.ts';
import type { VendorAdapter, VendorReport } from '../vendors/port.ts';
import type { EffectContext } from './runner.ts';

/**
 * What a vendor has of this person and assessment beside what is known to be ours. clear: nothing speaks against inviting. open: somebody
 * invited there, and two at once would only confuse the candidate. done: ours went out and was taken. weather: not known just now.
 */
type Outside =
  | { kind: 'clear' }
  | { kind: 'open' }
  | { kind: 'done'; found: FoundInvitation }
  | { kind: 'weather'; failure: CallFailure };

/** Clocks differ. */
const LEEWAY_MS = 5 * 60_000;

/**
 * Looks, where the vendor can be asked. One that does not answer is left to refuse a second one by itself, but for what is `inDoubt`: that
 * waits for a while. A vendor that gives the open one back to whoever asks again need not show whose it is, so what it has since we first
 * asked for one in doubt counts as ours, unless another one of ours may be the one.
 */
export async function lookOutside(
  context: EffectContext,
  { operations, capabilities }: VendorAdapter,
  { invitation, inDoubt }: { invitation: Invitation; inDoubt: boolean },
): Promise<Outside> {
  const { services } = context;
  const { vendorConnectionId, assessmentExternalId, email, createdAt } = invitation;
  const found = await operations.findInvitations?.({ assessmentExternalId, email });
  if (!found) return { kind: 'clear' };
  if (!found.ok) return inDoubt && isWeather(found) && mayWait(context) ? { kind: 'weather', failure: found } : { kind: 'clear' };
  const foreign = await withoutKnown(services, await withoutOwn(services.db, found.value, { vendorConnectionId }), invitation);
  const givesBack = capabilities.inviteStory === 'key' && capabilities.invite === 'api';
  const since = Date.parse(createdAt) - LEEWAY_MS;
  const mayBeOurs = foreign.length > 0 && inDoubt && givesBack && !(await hasOther(services, invitation));
  const isOurs = ({ invitedAt }: FoundInvitation) => mayBeOurs && invitedAt !== null && Date.parse(invitedAt) >= since;
  const done = foreign.find((one) => isOurs(one) && isTaken(one.report));
  if (done) return { kind: 'done', found: done };
  return foreign.some((one) => isOpen(one.report.state) && !isOurs(one)) ? { kind: 'open' } : { kind: 'clear' };
}

function isWeather({ kind }: CallFailure): boolean {
  return kind === 'unreachable' || kind === 'rate-limited';
}

/** A search that is broken for good would hold up for ever what a person has asked for, having looked. */
const WAIT_MS = 60 * 60_000;

/** Whether better weather is waited for, before it is looked for. */
export function mayWait({ services, askedAt }: EffectContext): boolean {
  return services.clock.now().getTime() - askedAt.getTime() < WAIT_MS;
}

/** The candidate has handed it in: a link to it is of no use any more. */
export function isTaken({ state }: Pick<VendorReport, 'state'>): boolean {
  return state === 'submitted' || state === 'scored';
}

/** Whether there is another one of this person and assessment of which the vendor's id was never told. */
async function hasOther({ db }: EffectContext['services'], invitation: Invitation): Promise<boolean> {
  const { id, vendorConnectionId, assessmentExternalId, person } = invitation;
  const wentNowhere = ['held', 'undone', 'failed'] satisfies InvitationState[];
  const found = await db
    .select({ id: invitations.id })
    .from(invitations)
    .where(
      and(
        eq(invitations.vendorConnectionId, vendorConnectionId),
        eq(invitations.assessmentExternalId, assessmentExternalId),
        eq(invitations.person, person),
        ne(invitations.id, id),
        isNull(invitations.externalId),
        notInArray(invitations.state, wentNowhere),
      ),
    )
    .limit(1);
  return found.length > 0;
}

/** Our own id does not travel to every vendor. */
async function withoutKnown(
  { db }: EffectContext['services'],
  found: readonly FoundInvitation[],
  { vendorConnectionId }: Invitation,
): Promise<FoundInvitation[]> {
  if (found.length === 0) return [];
  const ids = found.map(({ externalId }) => externalId);
  const known = await db
    .select({ externalId: invitations.externalId })
    .from(invitations)
    .where(and(eq(invitations.vendorConnectionId, vendorConnectionId), inArray(invitations.externalId, ids)));
  return found.filter((one) => !known.some(({ externalId }) => externalId === one.externalId));
}
