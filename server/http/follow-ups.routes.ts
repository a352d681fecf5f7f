import { createRoute, z } from '@hono/zod-openapi';
import { and, eq, inArray, isNull, ne, sql } from 'drizzle-orm';
import {
  commandAnswerSchema,
  correctEmailCommandSchema,
  extendCommandSchema,
  extraTimeCommandSchema,
  extraTimeQuerySchema,
  extraTimeSchema,
  invitationCommandSchema,
} from '../../lib/contract/panel.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { vendorNameOfAssessment } from '../../lib/domain/assessment.ts';
import { type Invitation, isOpen } from '../../lib/domain/invitation.ts';
import type { Member } from '../../lib/domain/member.ts';
import type { LaneParts } from '../jobs/lane.ts';
import { say } from '../say.ts';
import type { Transaction } from '../services.ts';
import { carryExtraTime, setExtraTime, showExtraTime } from '../storage/accommodations.repository.ts';
import { loadCase } from '../storage/load-case.ts';
import { loadPolicy } from '../storage/load-policy.ts';
import { effects, inputs } from '../storage/schema.ts';
import { UnreadableSecret } from '../storage/seal.ts';
import type { VendorAdapter } from '../vendors/port.ts';
import type { FollowUpKind } from '../workflow/effect.ts';
import type { Input } from '../workflow/input.ts';
import { personKey } from '../workflow/prepare-invitation.ts';
import { json, jsonBody, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { auditAct } from './audited.ts';
import { type FollowUp, followUpsFor } from './follow-ups.ts';
import { byMember, giveCommand, isGiven, repeatCommand } from './give-command.ts';
import { needs } from './needs.ts';
import { ensureConnectionOn, ensurePageAgrees, referenceOf } from './page-agreement.ts';
import { findInvitationRow } from './panel-view.ts';
import { ensureSees } from './sight.ts';

function command<Schema extends z.ZodType>(path: string, summary: string, schema: Schema) {
  return createRoute({
    method: 'post',
    path,
    summary,
    ...needs('recruiter'),
    request: { body: jsonBody(schema) },
    responses: { 200: json(commandAnswerSchema, 'What was decided, in words, and the view after it'), ...refusals },
  });
}

const resend = command(PATHS.commands.resend, 'Send the same invitation once more', invitationCommandSchema);
const extend = command(PATHS.commands.extend, 'Set another deadline', extendCommandSchema);
const extraTime = command(PATHS.commands.extraTime, 'Set what this person needs at every test', extraTimeCommandSchema);
const correctEmail = command(
  PATHS.commands.correctEmail,
  'Send to another address because this one is wrong',
  correctEmailCommandSchema,
);
const readExtraTime = createRoute({
  method: 'get',
  path: PATHS.extraTime,
  summary: 'Extra time of the person who is invited',
  ...needs('recruiter'),
  request: { query: extraTimeQuerySchema },
  responses: { 200: json(extraTimeSchema, 'For recruiters only: it tells of the person’s health'), ...refusals },
});

interface Asked {
  applicationKey: string;
  actionId: string;
  invitationId: string;
  page: z.infer<typeof invitationCommandSchema>['page'];
}

/** What a recruiter can do with an invitation that is out, as far as its vendor can. */
export function addFollowUpRoutes(app: App, parts: LaneParts): void {
  const { services } = parts;

  const take = async (asked: Asked, member: Member, wanted: Wanted) => {
    const { applicationKey: key, actionId, invitationId, page } = asked;
    await ensurePageAgrees(services, { page, key, member });
    // The same click again gets its first answer, whatever can be done by now.
    if (await isGiven(parts, actionId)) return await repeatCommand(parts, { key, actionId, member });
    await ensureConnectionOn(services, key);
    const invited = await findInvited(parts, key, invitationId);
    ensureOffered(invited, wanted.action);
    const input = wanted.toInput({ actionId, invitationId, by: byMember(member) });
    const within = async (tx: Transaction) => {
      await ensureIdle(tx, { ...asked, action: wanted.action });
      await wanted.alongside?.(tx, invited.invitation.person);
    };
    return await giveCommand(parts, { key, actionId, input, member, within });
  };

  /** Before anybody was invited: for all addresses by which the ATS knows the person. */
  const setAhead = async (asked: z.infer<typeof extraTimeCommandSchema> & { member: Member }) => {
    const { applicationKey: key, actionId, page, percent, member } = asked;
    await ensurePageAgrees(services, { page, key, member });
    if (await isGiven(parts, actionId)) return await repeatCommand(parts, { key, actionId, member });
    const persons = await personsOf(parts, key);
    const now = services.clock.now();
    const within = async (tx: Transaction) => {
      for (const person of persons)
        await setExtraTime({ db: tx, sealer: services.sealer }, { person, percent, setBy: member.id, now });
    };
    const input: Input = { kind: 'extra-time', actionId, invitationId: null, by: byMember(member), persons };
    return await giveCommand(parts, { key, actionId, input, member, within });
  };

  app.openapi(resend, async (c) => {
    const body = c.req.valid('json');
    const wanted: Wanted = { action: 'resend', toInput: (on) => ({ ...on, kind: 'resend' }) };
    return c.json(await take(body, c.get('member'), wanted), 200);
  });

  app.openapi(extend, async (c) => {
    const body = c.req.valid('json');
    const expiresAt = endOfDay(body.day, services.clock.now());
    const wanted: Wanted = { action: 'extend', toInput: (on) => ({ ...on, kind: 'extend', expiresAt }) };
    return c.json(await take(body, c.get('member'), wanted), 200);
  });

  app.openapi(extraTime, async (c) => {
    const body = c.req.valid('json');
    const member = c.get('member');
    const { percent, invitationId } = body;
    if (invitationId === null) return c.json(await setAhead({ ...body, member }), 200);
    const wanted: Wanted = {
      action: 'extra-time',
      toInput: (on) => ({ ...on, kind: 'extra-time' }),
      alongside: (tx, person) =>
        setExtraTime({ db: tx, sealer: services.sealer }, { person, percent, setBy: member.id, now: services.clock.now() }),
    };
    return c.json(await take({ ...body, invitationId }, member, wanted), 200);
  });

  app.openapi(correctEmail, async (c) => {
    const body = c.req.valid('json');
    const member = c.get('member');
    const { email } = body;
    const wanted: Wanted = {
      action: 'correct-email',
      toInput: (on) => ({ ...on, kind: 'correct-email', email }),
      alongside: (tx, person) =>
        carryExtraTime(
          { db: tx, sealer: services.sealer },
          { from: person, to: personKey(email), setBy: member.id, now: services.clock.now() },
        ).catch(refuseLocked),
    };
    return c.json(await take(body, member, wanted), 200);
  });

  app.openapi(readExtraTime, async (c) => {
    const { applicationKey: key, invitationId } = c.req.valid('query');
    if (!(await referenceOf(services, key))) throw new ApiError('not-found');
    await ensureSees(services, c.get('member'), key);
    if (invitationId === undefined) {
      const known = await showExtraTime(services, await personsOf(parts, key));
      await auditAct(services, c.get('member'), { action: 'extra-time.seen', applicationKey: key });
      return c.json({ ...known, reaches: 'each' as const, vendorName: '' }, 200, NOT_KEPT);
    }
    const { invitation, adapter, vendorName } = await findInvited(parts, key, invitationId);
    const known = await showExtraTime(services, [invitation.person]);
    await auditAct(services, c.get('member'), { action: 'extra-time.seen', applicationKey: key });
    return c.json({ ...known, reaches: reachOf(adapter, invitation), vendorName }, 200, NOT_KEPT);
  });
}

/** Under the right address nobody would know of it any more. */
function refuseLocked(error: unknown): never {
  if (!(error instanceof UnreadableSecret)) throw error;
  throw new ApiError('invalid', { message: say('server.follow-up.extra-time-locked') });
}

interface Wanted {
  action: FollowUp;
  toInput(on: { actionId: string; invitationId: string; by: ReturnType<typeof byMember> }): Input;
  /** Written with the click, in one transaction, and so as often as it: once. */
  alongside?(tx: Transaction, person: string): Promise<void>;
}

/** A browser must not keep it. */
const NOT_KEPT = { 'cache-control': 'no-store' };

/** @throws ApiError where the ATS shows nobody, or no address */
async function personsOf({ services }: LaneParts, key: string): Promise<string[]> {
  const current = await loadCase(services.db, key);
  const snapshot = current?.state.vanished ? null : current?.row.snapshot;
  if (!snapshot || snapshot.anonymised) throw new ApiError('ats-not-visible', { values: { ats: 'The ATS' } });
  const persons = [...new Set(snapshot.emails.map(personKey).filter(Boolean))];
  if (persons.length === 0) throw new ApiError('invalid', { message: say('server.follow-up.no-address') });
  return persons;
}

type Invited = Awaited<ReturnType<typeof findInvited>>;

async function findInvited(parts: LaneParts, key: string, invitationId: string) {
  if (!z.uuid().safeParse(invitationId).success) throw new ApiError('not-found');
  const current = await loadCase(parts.services.db, key);
  const invitation = current?.state.invitations.find(({ id }) => id === invitationId);
  if (!current || !invitation) throw new ApiError('not-found');
  const adapter = await parts.connector.vendor(invitation.vendorConnectionId);
  const policy = await loadPolicy(parts.services.db, current.row.connectionId);
  const assessment = policy.assessments.find(({ id }) => id === invitation.assessmentId);
  return {
    invitation,
    adapter: adapter.ok ? adapter.value : null,
    vendorName: assessment ? vendorNameOfAssessment(assessment) : '',
    snapshot: current.state.vanished ? null : current.row.snapshot,
    hasLink: Boolean((await findInvitationRow(parts, invitationId))?.sealedLink),
    isOpenElsewhere: current.state.invitations.some(
      (other) => other.id !== invitationId && other.assessmentId === invitation.assessmentId && isOpen(other.state),
    ),
  };
}

/** @throws ApiError that says what is in the way: the state of things, or the vendor */
function ensureOffered(invited: Invited, action: FollowUp): void {
  if (followUpsFor(invited).includes(action)) return;
  const { invitation, adapter, vendorName } = invited;
  if (!adapter) throw new ApiError('connection-off', { message: say('server.follow-up.off') });
  const isWaiting = invitation.state === 'sent' || (invitation.state === 'started' && action !== 'resend');
  const isAboutVendor = isWaiting && (action === 'resend' || action === 'extend') && invited.snapshot?.canEmail !== false;
  if (isAboutVendor) throw new ApiError('vendor-refused', { message: say('server.follow-up.cannot', { vendor: vendorName }) });
  throw new ApiError('too-late', { message: say('server.follow-up.not-now') });
}

/** What reaches the candidate is not asked for twice by two people at once. */
const RUNNING: Partial<Record<FollowUp, FollowUpKind>> = { resend: 'resend-invitation' };

/**
 * Asked with the click that is being stored, so that of two at once, at two processes, the second one sees the first. What was asked for is
 * a click that waits, and then an effect: in this order none slips through in between. @throws ApiError `already-done`
 */
async function ensureIdle(
  tx: Transaction,
  { applicationKey, actionId, invitationId, action }: Asked & { action: FollowUp },
): Promise<void> {
  const kind = RUNNING[action];
  if (!kind) return;
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${action} ${invitationId}`}, 0))`);
  const isOther = and(isNull(inputs.handledAt), ne(inputs.key, `action:${actionId}`));
  const isSame = sql`${inputs.input} ->> 'kind' = ${action} and ${inputs.input} ->> 'invitationId' = ${invitationId}`;
  const [waiting] = await tx
    .select({ id: inputs.id })
    .from(inputs)
    .where(and(eq(inputs.applicationKey, applicationKey), isOther, isSame))
    .limit(1);
  const [running] = await tx
    .select({ id: effects.id })
    .from(effects)
    .where(and(eq(effects.invitationId, invitationId), eq(effects.kind, kind), inArray(effects.state, ['queued', 'calling'])))
    .limit(1);
  if (waiting || running) throw new ApiError('already-done', { message: say('server.follow-up.running') });
}

function reachOf(adapter: VendorAdapter | null, invitation: Invitation): z.infer<typeof extraTimeSchema>['reaches'] {
  if (adapter?.operations.lacks?.(invitation).includes('giveExtraTime')) return 'none';
  if (adapter?.operations.giveExtraTime) return 'this';
  const { extraTime: when = 'none' } = adapter?.capabilities ?? {};
  return when === 'at-invite' || when === 'both' ? 'next' : 'none';
}

const DAYS_AHEAD_MAX = 90;

/** Days are those of our e-mails, which are in UTC. @throws ApiError `invalid` */
function endOfDay(day: string, now: Date): string {
  const end = Date.parse(`${day}T23:59:59.000Z`);
  const ahead = Math.floor(end / DAY_MS) - Math.floor(now.getTime() / DAY_MS);
  if (ahead < 0 || ahead > DAYS_AHEAD_MAX) {
    const message = say('server.follow-up.day-range');
    throw new ApiError('invalid', { message, details: [{ path: 'day', message }] });
  }
  return new Date(end).toISOString();
}

const DAY_MS = 24 * 60 * 60_000;
