import { desc, eq } from 'drizzle-orm';
import type { ApplicationView, AssessmentChoice, Happening, PanelView } from '../../lib/contract/panel.ts';
import type { ConnectionKind } from '../../lib/contract/settings.ts';
import type { Snapshot } from '../../lib/domain/application.ts';
import type { ChangeKind } from '../../lib/domain/application-change.ts';
import { type Assessment, isOffered, vendorNameOfAssessment } from '../../lib/domain/assessment.ts';
import { ATS_KINDS, ATS_NAMES, type AtsKind } from '../../lib/domain/ats.ts';
import type { CandidateReference } from '../../lib/domain/candidate-reference.ts';
import { type Invitation, isOpen } from '../../lib/domain/invitation.ts';
import { type Member, mayActAs } from '../../lib/domain/member.ts';
import type { Mend, Reason } from '../../lib/domain/reason.ts';
import type { Connector } from '../jobs/connector.ts';
import { isFault } from '../jobs/lane-fault.ts';
import type { FindMoveTarget } from '../jobs/move-target.ts';
import type { FindNextStage } from '../jobs/next-stage.ts';
import { isInOurQueue, standingTrouble } from '../jobs/read-trouble.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { whenKeyErased } from '../storage/being-erased.ts';
import { findLastUsed, findUsedSince } from '../storage/last-used.ts';
import { type Case, findElsewhere, loadCase } from '../storage/load-case.ts';
import { loadPolicy } from '../storage/load-policy.ts';
import { findFilledPools } from '../storage/pool-links.repository.ts';
import { connections, decisions, invitations } from '../storage/schema.ts';
import { toInvitation } from '../storage/to-invitation.ts';
import type { VendorAdapter } from '../vendors/port.ts';
import { type Policy, rolesThere, stageRoleOf } from '../workflow/policy.ts';
import { prepareInvitation } from '../workflow/prepare-invitation.ts';
import { assessmentsByTag } from '../workflow/rules/send-on-stage-entry.ts';
import { erasedView } from './erased-view.ts';
import { followUpsFor } from './follow-ups.ts';
import { invitationView } from './invitation-view.ts';
import { possibleChanges } from './possible-changes.ts';
import { isQuiet, reasonWords, toneOf } from './reason-words.ts';
import { createViewer, excludedView } from './sight.ts';

export interface PanelParts {
  services: Services;
  connector: Connector;
  findMoveTarget: FindMoveTarget;
  findNextStage: FindNextStage;
}

const RECENT_MS = 30 * 24 * 60 * 60_000;
const DECISIONS_SHOWN = 100;

/** All that the panel shows of one application, for one member. Reads the store only; the ATS is the lane's business. */
export async function applicationView(
  parts: PanelParts,
  key: string,
  reference: CandidateReference,
  member: Member,
): Promise<PanelView> {
  const { services } = parts;
  const erasedAt = await whenKeyErased(services.db, key);
  if (erasedAt) return erasedView(erasedAt);
  const current = await loadCase(services.db, key);
  if (!current) return notVisible();
  const [connection] = await services.db.select().from(connections).where(eq(connections.id, current.row.connectionId));
  const atsName = atsNameOf(connection?.kind);
  const { snapshot, connectionId } = current.row;
  if (current.state.deleted)
    return unavailable('not-visible', reasonWords({ code: 'application-deleted', values: { ats: atsName } }));
  if (current.state.vanished || !snapshot) return notThere(current, { kind: connection?.kind, atsName });
  const viewer = createViewer(services, member);
  const sight = await viewer.sightOf({ connectionId, ats: snapshot.ats, candidate: snapshot });
  if (sight === 'nothing') return excludedView(await viewer.explain({ connectionId, ats: snapshot.ats }));
  const loaded = await loadPolicy(services.db, current.row.connectionId);
  const policy: Policy = {
    ...loaded,
    moveTarget: await parts.findMoveTarget(current.row.connectionId, snapshot.job?.id ?? null, rolesThere(loaded)),
  };
  const state = { ...current.state, elsewhere: await findElsewhere(services.db, key, snapshot.emails) };
  const role = stageRoleOf(policy, snapshot.stage);
  const choices = await assessmentChoices(parts, { state, snapshot, policy });
  const now = services.clock.now();
  const { changes, nextStageName } = await possibleChanges(parts, { snapshot, connectionId, member });
  const view: ApplicationView = {
    kind: 'application',
    key,
    version: current.row.version,
    reference,
    candidateName: snapshot.name,
    firstName: snapshot.name?.trim().split(/\s+/)[0] ?? null,
    emails: snapshot.anonymised ? [] : snapshot.emails,
    jobName: snapshot.job?.name ?? null,
    stageName: snapshot.stage?.name ?? null,
    stageId: snapshot.stage?.id ?? null,
    changes,
    nextStageName,
    stageRole: role,
    status: snapshot.status,
    atsName,
    outcome: current.state.outcome,
    moveTarget:
      role === 'assessment' && snapshot.status === 'active' && policy.moveTarget !== 'unknown' ? policy.moveTarget : null,
    assessments: choices,
    defaultAssessmentId: await defaultChoice(parts, choices, snapshot),
    invitations: await invitationViews(parts, current, policy, member),
    happenings: await happenings(parts, current, changes),
    troubles: troubles(current, atsName),
    may: { send: mayActAs(member.role, 'recruiter'), administer: member.role === 'admin' },
    holdSeconds: policy.holdSeconds,
    readAt: snapshot.readAt,
    serverTime: now.toISOString(),
  };
  return sight === 'progress' ? withoutResults(view) : view;
}

/** How far it is, and nothing of what came of it; what happened tells results in its sentences. */
function withoutResults(view: ApplicationView): ApplicationView {
  return {
    ...view,
    moveTarget: null,
    changes: [],
    invitations: view.invitations.map((invitation) => ({ ...invitation, result: null, review: null, actions: [] })),
    happenings: [],
    may: { ...view.may, send: false },
  };
}

function notVisible(): PanelView {
  return unavailable('not-visible', reasonWords({ code: 'not-visible', values: {} }));
}

/** Nothing to show: because a right is missing, the ATS does not show it, or it could not be read so far. */
function notThere({ row, state }: Case, { kind, atsName }: { kind: ConnectionKind | undefined; atsName: string }): PanelView {
  const ats = ATS_KINDS.find((known) => known === kind);
  const standing = row.readTrouble === null ? null : standingTrouble(row.readTrouble, atsName);
  if (standing !== null && ats) return unavailable('ats-refused', standing, { kind: 'open-settings', section: ats });
  if (state.vanished && row.snapshot) return notVisible();
  // Never seen before, so "any more" would be wrong.
  if (state.vanished) return unavailable('not-visible', say('error.ats-not-visible', { ats: atsName }));
  if (row.readTrouble && isInOurQueue(row.readTrouble))
    return unavailable('ats-unavailable', say('server.trouble.in-our-queue', { system: atsName }));
  const passing = PASSING.find((known) => row.readTrouble?.split(' ')[0] === known);
  const text = passing ? say(`server.trouble.${passing}`, { system: atsName }) : say('error.ats-unavailable', { ats: atsName });
  return unavailable('ats-unavailable', text);
}

const PASSING = ['rate-limited', 'unreachable', 'unreadable'] as const;

function unavailable(
  code: Extract<PanelView, { kind: 'unavailable' }>['code'],
  text: string,
  mend: Mend = { kind: 'check-again' },
): PanelView {
  return { kind: 'unavailable', code, text, mend };
}

function atsNameOf(kind: ConnectionKind | undefined): string {
  const ats = ATS_KINDS.find((known): known is AtsKind => known === kind);
  return ats ? ATS_NAMES[ats] : 'the ATS';
}

async function assessmentChoices(
  parts: PanelParts,
  given: { state: Case['state']; snapshot: Snapshot; policy: Policy },
): Promise<AssessmentChoice[]> {
  const { services } = parts;
  const { state, snapshot, policy } = given;
  const recentIds = await findUsedSince(services.db, new Date(services.clock.now().getTime() - RECENT_MS));
  const onCandidate = new Set(
    assessmentsByTag(snapshot, { ...policy, inheritedTagsCount: true }).map((assessment) => assessment.id),
  );
  const now = services.clock.now();
  const against = (assessment: Assessment, retake: boolean): Reason | null => {
    const wish = {
      id: assessment.id,
      assessment,
      email: null,
      raisedBy: { kind: 'rule' as const, rule: '', stage: '' },
      options: {},
      retake,
      holdSeconds: 0,
    };
    const prepared = prepareInvitation({ state, snapshot, policy, now, wish });
    return prepared.ok ? null : prepared.reason;
  };
  const canRetake = await retakesAt(parts, policy);
  const hasNoLinks = await emptyPools(parts, policy);
  // What the vendor does not offer is not to be chosen; a tag that names it all the same is worth a word.
  const isChoosable = (one: Assessment) => !one.archived && (isOffered(one) || onCandidate.has(one.id));
  return policy.assessments
    .filter(isChoosable)
    .map((assessment) => {
      const reason = against(assessment, true);
      const vendor = vendorNameOfAssessment(assessment);
      const isRetake = against(assessment, false)?.code === 'not-sent-attempted-before';
      const noRetake = isRetake && !canRetake(assessment) ? say('server.no-retake', { vendor }) : null;
      const noLinks = hasNoLinks(assessment) ? say('server.links.none', { assessment: assessment.name }) : null;
      return {
        id: assessment.id,
        name: assessment.name,
        tag: assessment.tag,
        vendorName: vendor,
        kind: assessment.kind,
        durationMinutes: assessment.durationMinutes,
        deadlineDays: assessment.deadlineDays,
        handover: assessment.handover,
        onCandidate: onCandidate.has(assessment.id),
        recentlyUsed: recentIds.has(assessment.id),
        // A missing address can be typed in, so it does not make the assessment unusable.
        unusableBecause: reason && reason.code !== 'not-sent-no-email' ? reasonWords(reason) : (noRetake ?? noLinks),
        isRetake,
      };
    })
    .toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'en'));
}

/** What cannot be asked just now is not refused beforehand. */
async function retakesAt({ connector }: PanelParts, { assessments, vendorsOn }: Policy) {
  const used = new Set(assessments.map(({ vendorConnectionId }) => vendorConnectionId));
  const without = new Set<string>();
  for (const id of vendorsOn.filter((each) => used.has(each))) {
    const vendor = await connector.vendor(id);
    if (vendor.ok && !vendor.value.capabilities.retakes) without.add(id);
  }
  return ({ vendorConnectionId }: Assessment) => !without.has(vendorConnectionId);
}

/** Which of them take their links from a list that has none left: better said before the click than after it. */
async function emptyPools({ connector, services }: PanelParts, { assessments, vendorsOn }: Policy) {
  const pooled = new Set<string>();
  for (const { id, vendorConnectionId } of assessments.filter(({ linkTemplate }) => linkTemplate === null)) {
    const vendor = vendorsOn.includes(vendorConnectionId) ? await connector.vendor(vendorConnectionId) : null;
    if (vendor?.ok && vendor.value.capabilities.invite === 'link') pooled.add(id);
  }
  if (pooled.size === 0) return () => false;
  const filled = await findFilledPools(services.db, [...pooled]);
  return ({ id }: Assessment) => pooled.has(id) && !filled.has(id);
}

function rank(choice: AssessmentChoice): number {
  return (choice.unusableBecause ? 4 : 0) + (choice.onCandidate ? 0 : choice.recentlyUsed ? 1 : 2);
}

/** The candidate's own tag when one alone can be sent; without any tag what this job used last, or the only one there is. */
async function defaultChoice(
  { services }: PanelParts,
  choices: readonly AssessmentChoice[],
  snapshot: Snapshot,
): Promise<string | null> {
  const usable = choices.filter((choice) => choice.unusableBecause === null);
  // A tag whose assessment cannot be sent is no leave to offer another one in its place.
  if (choices.some((choice) => choice.onCandidate)) {
    const tagged = usable.filter((choice) => choice.onCandidate);
    return tagged.length === 1 ? (tagged[0]?.id ?? null) : null;
  }
  const only = usable.length === 1 ? usable[0] : undefined;
  if (only || !snapshot.job || usable.length === 0) return only?.id ?? null;
  return await findLastUsed(services.db, { jobId: snapshot.job.id, assessmentIds: usable.map(({ id }) => id) });
}

async function invitationViews(parts: PanelParts, current: Case, policy: Policy, member: Member) {
  const shown = current.state.invitations.filter((invitation) => invitation.state !== 'undone').toReversed();
  const views = [];
  for (const each of shown) {
    const invitation = current.row.snapshot?.anonymised ? withoutAddress(each) : each;
    const assessment = policy.assessments.find((candidate) => candidate.id === invitation.assessmentId) ?? null;
    const adapter = await vendorOf(parts, invitation);
    const isOpenElsewhere = current.state.invitations.some(
      (other) => other.id !== invitation.id && other.assessmentId === invitation.assessmentId && isOpen(other.state),
    );
    const known = { invitation, adapter, isOpenElsewhere, hasLink: current.withLink.has(invitation.id) };
    views.push(
      invitationView({
        invitation,
        assessment,
        capabilities: adapter?.capabilities ?? null,
        followUps: followUpsFor({ ...known, snapshot: current.row.snapshot }),
        hasLink: current.withLink.has(invitation.id),
        candidateName: current.row.snapshot?.name ?? null,
        member,
        isOpenElsewhere,
      }),
    );
  }
  return views;
}

/** Who was anonymised in the ATS is not to be recognised here by the address to which something was sent. */
function withoutAddress(invitation: Invitation): Invitation {
  const { trouble } = invitation;
  return { ...invitation, email: '', trouble: trouble && hideAddress(trouble) };
}

function hideAddress<T extends { values: Record<string, string> }>(told: T): T {
  if (!told.values.email) return told;
  return { ...told, values: { ...told.values, email: say('server.the-candidate') } };
}

async function vendorOf({ connector }: PanelParts, invitation: Invitation): Promise<VendorAdapter | null> {
  const adapter = await connector.vendor(invitation.vendorConnectionId);
  return adapter.ok ? adapter.value : null;
}

async function happenings({ services }: PanelParts, current: Case, changes: readonly ChangeKind[]): Promise<Happening[]> {
  const rows = await services.db
    .select()
    .from(decisions)
    .where(eq(decisions.applicationKey, current.row.key))
    .orderBy(desc(decisions.id))
    .limit(DECISIONS_SHOWN);
  const lastAsked = rows.find(({ event }) => event === 'change.requested')?.id ?? 0;
  const told = rows.flatMap((row) =>
    row.reasons
      .map((reason, index) => ({ reason, index }))
      .filter(({ reason }) => !isQuiet(reason))
      .map(({ reason, index }) => ({
        id: `${row.id}.${index}`,
        at: row.at.toISOString(),
        text: reasonWords(current.row.snapshot?.anonymised ? hideAddress(reason) : reason),
        tone: toneOf(reason.code),
        mend: liveMend(reason.mend, {
          at: row.at,
          all: current.state.invitations,
          changes: row.id > lastAsked ? changes : [],
        }),
      })),
  );
  return withSendNowOnce(told);
}

/** Newest first. Each "Send now" does the same, so it stands at the last word alone. */
function withSendNowOnce(told: Happening[]): Happening[] {
  const last = told.find(({ mend }) => mend?.kind === 'send-now');
  return told.map((each) => (each !== last && each.mend?.kind === 'send-now' ? { ...each, mend: null } : each));
}

/** A button is shown only while what it mends is still broken. */
function liveMend(
  mend: Mend | undefined,
  { at, all, changes }: { at: Date; all: readonly Invitation[]; changes: readonly ChangeKind[] },
): Mend | null {
  if (!mend) return null;
  switch (mend.kind) {
    case 'send-again': {
      const invitation = all.find((candidate) => candidate.id === mend.invitationId);
      return invitation?.state === 'failed' || invitation?.state === 'unconfirmed' ? mend : null;
    }
    case 'send-now':
    case 'enter-email':
      return all.some((invitation) => Date.parse(invitation.createdAt) >= at.getTime() && invitation.state !== 'undone')
        ? null
        : mend;
    case 'change-again':
      return changes.includes(mend.change) ? mend : null;
    default:
      return mend;
  }
}

function troubles(current: Case, atsName: string): ApplicationView['troubles'] {
  // What waits is not over: of an answer that was lost the next try finds out whether it was done.
  const lost = say('server.trouble.ambiguous', { system: atsName });
  const sentences = new Set(
    current.waitingErrors.map((error) => (error === lost ? say('server.trouble.ambiguous-waiting', { system: atsName }) : error)),
  );
  const unread = current.row.readTrouble;
  // What only an admin can mend is named; the rest passes by itself.
  const standing = unread === null ? null : standingTrouble(unread, atsName);
  if (standing) sentences.add(standing);
  else if (isFault(unread)) sentences.add(say('server.failure.lane-waits'));
  else if (unread && isInOurQueue(unread)) sentences.add(say('server.read-waits', { ats: atsName }));
  else if (unread && unread !== 'vendor') sentences.add(say('server.cannot-read', { ats: atsName }));
  // Some are written as the end of a sentence; here each stands alone.
  return [...sentences].map((text) => ({ text: text.charAt(0).toLocaleUpperCase('en') + text.slice(1), mend: null }));
}

/** An invitation row by id, with the link that only a click may show. */
export async function findInvitationRow({ services }: Pick<PanelParts, 'services'>, id: string) {
  const [row] = await services.db.select().from(invitations).where(eq(invitations.id, id));
  return row ? { invitation: toInvitation(row), applicationKey: row.applicationKey, sealedLink: row.sealedLink } : undefined;
}
