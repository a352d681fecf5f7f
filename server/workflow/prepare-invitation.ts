import { currentStageEntry, type Snapshot } from '../../lib/domain/application.ts';
import { type Assessment, vendorNameOfAssessment } from '../../lib/domain/assessment.ts';
import {
  type Invitation,
  type InvitationOptions,
  type InvitationState,
  isOpen,
  type RaisedBy,
} from '../../lib/domain/invitation.ts';
import type { Reason } from '../../lib/domain/reason.ts';
import { type Policy, stageRoleOf } from './policy.ts';
import type { ApplicationState, InvitationElsewhere } from './state.ts';

export interface InvitationWish {
  id: string;
  assessment: Assessment;
  /** Serves this invitation only; null takes the candidate's first address. */
  email: string | null;
  raisedBy: RaisedBy;
  options: InvitationOptions;
  /** A person said that an earlier, closed attempt is to be followed by another. */
  retake: boolean;
  holdSeconds: number;
}

export type Prepared = { ok: true; invitation: Invitation } | { ok: false; reason: Reason };

/** Everything that speaks against inviting, checked in the order in which a recruiter would want to hear it. */
export function prepareInvitation(given: {
  state: ApplicationState;
  snapshot: Snapshot | null;
  policy: Policy;
  now: Date;
  wish: InvitationWish;
}): Prepared {
  const { state, snapshot, policy, now, wish } = given;
  const { assessment } = wish;
  const values = { assessment: assessment.name };
  if (!snapshot) return no({ code: 'not-sent-not-visible', values, mend: { kind: 'check-again' } });
  const blocked = candidateReason(snapshot, values) ?? vendorReason(assessment, policy, values);
  if (blocked) return no(blocked);
  const email = (wish.email ?? snapshot.emails[0] ?? '').trim();
  if (!email) return no({ code: 'not-sent-no-email', values, mend: { kind: 'enter-email', assessmentId: assessment.id } });
  const unwanted = emailReason(snapshot, assessment.handover, values);
  if (unwanted) return no(unwanted);
  const person = personKey(email);
  const one: OnePerson = { person, addresses: addressesOf(person, snapshot), ownId: null };
  const taken = openReason(state, assessment, one, values) ?? attemptReason(state, assessment, one, wish.retake, values);
  if (taken) return no(taken);
  return { ok: true, invitation: newInvitation({ state, snapshot, policy, now, wish, email, one }) };
}

/** What speaks against an invitation that exists going out now, after a while has passed. Null when nothing does. */
export function reasonAgainst(given: {
  state: ApplicationState;
  snapshot: Snapshot | null;
  policy: Policy;
  invitation: Invitation;
}): Reason | null {
  const { state, snapshot, policy, invitation } = given;
  const values = { assessment: invitation.assessmentName };
  if (!snapshot || state.vanished) return { code: 'not-sent-not-visible', values, mend: { kind: 'check-again' } };
  const assessment = policy.assessments.find((candidate) => candidate.id === invitation.assessmentId);
  if (!assessment) return gone(values);
  const others = { ...state, invitations: state.invitations.filter((other) => other.id !== invitation.id) };
  return (
    candidateReason(snapshot, values) ??
    vendorReason(assessment, policy, values) ??
    emailReason(snapshot, invitation.handover, values) ??
    openReason(others, assessment, toPerson(invitation, snapshot), values)
  );
}

/** Where it would go now, when the ATS has had another address put in since; null while its address holds, or is a person's own choice. */
export function correctedAddress({ person, options }: Invitation, snapshot: Snapshot | null): string | null {
  const [first] = snapshot?.emails ?? [];
  if (!snapshot || first === undefined || options.addressChosen || addressesOf('', snapshot).has(person)) return null;
  return first;
}

/** One that exists at the vendor already: nothing speaks against what has happened. */
export function recordOutside(given: {
  state: ApplicationState;
  snapshot: Snapshot;
  policy: Policy;
  now: Date;
  wish: InvitationWish & { email: string };
}): Invitation {
  const { email } = given.wish;
  const person = personKey(email);
  return newInvitation({ ...given, email, one: { person, addresses: addressesOf(person, given.snapshot), ownId: null } });
}

/** The vendor's identity key of a person: mostly the lower-case e-mail. */
export function personKey(email: string): string {
  return email.trim().toLowerCase();
}

function no(reason: Reason): Prepared {
  return { ok: false, reason };
}

function candidateReason(snapshot: Snapshot, values: Record<string, string>): Reason | null {
  if (snapshot.anonymised) return { code: 'not-sent-anonymised', values };
  if (snapshot.status === 'archived' || snapshot.status === 'hired')
    return { code: 'not-sent-not-active', values: { ...values, status: snapshot.status } };
  return null;
}

function vendorReason(assessment: Assessment, policy: Policy, values: Record<string, string>): Reason | null {
  if (assessment.archived) return gone(values);
  if (!policy.vendorsOn.includes(assessment.vendorConnectionId)) {
    return { code: 'not-sent-vendor-off', values, mend: { kind: 'open-settings', section: 'vendors' } };
  }
  const { catalogueState = null } = assessment;
  if (catalogueState === null || catalogueState === 'active') return null;
  const told = { ...values, tag: assessment.tag, vendor: vendorNameOfAssessment(assessment) };
  return { code: `not-sent-vendor-${catalogueState}`, values: told, mend: { kind: 'open-settings', section: 'assessments' } };
}

function gone(values: Record<string, string>): Reason {
  return { code: 'not-sent-assessment-gone', values, mend: { kind: 'open-settings', section: 'assessments' } };
}

/** "Do not e-mail" forbids our mail and the vendor's; a link that a person hands over is that person's affair. */
function emailReason(snapshot: Snapshot, handover: Assessment['handover'], values: Record<string, string>): Reason | null {
  return snapshot.canEmail === false && handover !== 'copy link' ? { code: 'not-sent-do-not-email', values } : null;
}

interface OnePerson {
  /** The vendor's identity key. */
  person: string;
  /** All by which the ATS knows this person: more than one where two candidates were merged. */
  addresses: ReadonlySet<string>;
  /** The invitation in question where it exists; null for one that is only wished for. */
  ownId: string | null;
}

function toPerson({ person, id }: Invitation, snapshot: Snapshot): OnePerson {
  return { person, addresses: addressesOf(person, snapshot), ownId: id };
}

function addressesOf(person: string, { emails }: Snapshot): ReadonlySet<string> {
  return new Set([person, ...emails.map(personKey)]);
}

interface Attempted {
  vendorConnectionId: string;
  assessmentExternalId: string;
  person: string;
}

function isOf(one: Attempted, assessment: Assessment): boolean {
  return one.vendorConnectionId === assessment.vendorConnectionId && one.assessmentExternalId === assessment.externalId;
}

function isSame(one: Attempted, assessment: Assessment, person: string): boolean {
  return isOf(one, assessment) && one.person === person;
}

/**
 * Open in another application of this person. Under the same address the database keeps it to one; under another (two candidates who
 * were merged while both waited) one of two that wait has to yield, and both must come to the same answer which: the later id.
 */
function blocks(other: InvitationElsewhere, assessment: Assessment, { person, addresses, ownId }: OnePerson): boolean {
  if (!isOpen(other.state) || !isOf(other, assessment) || !addresses.has(other.person)) return false;
  return other.person === person || other.state !== 'held' || ownId === null || other.invitationId < ownId;
}

function openReason(
  state: ApplicationState,
  assessment: Assessment,
  one: OnePerson,
  values: Record<string, string>,
): Reason | null {
  const here = state.invitations.find((i) => isOpen(i.state) && isSame(i, assessment, one.person));
  if (here) return { code: 'not-sent-already-open', values: { ...values, by: nameOf(here.raisedBy), state: here.state } };
  const there = state.elsewhere.find((other) => blocks(other, assessment, one));
  return there
    ? { code: 'not-sent-open-elsewhere', values: { ...values, by: there.byName ?? '', job: there.jobName ?? '' } }
    : null;
}

/** An undone or failed invitation never reached anybody, so it does not count as an attempt. Counts those of other applications too. */
function pastAttempts(
  state: ApplicationState,
  assessment: Assessment,
  { person, addresses }: OnePerson,
): { state: InvitationState; attempt: number }[] {
  const there = state.elsewhere.filter((other) => isOf(other, assessment) && addresses.has(other.person));
  const here = state.invitations.filter((own) => isSame(own, assessment, person));
  return [...there, ...here].filter((past) => past.state !== 'undone' && past.state !== 'failed');
}

function attemptReason(
  state: ApplicationState,
  assessment: Assessment,
  one: OnePerson,
  retake: boolean,
  values: Record<string, string>,
): Reason | null {
  const last = pastAttempts(state, assessment, one).at(-1);
  if (!last || retake) return null;
  return {
    code: 'not-sent-attempted-before',
    values: { ...values, state: last.state },
    mend: { kind: 'send-now', assessmentId: assessment.id },
  };
}

export function nameOf(raisedBy: RaisedBy): string {
  switch (raisedBy.kind) {
    case 'member':
      return raisedBy.name;
    case 'rule':
      return 'Tagalong';
    case 'vendor':
      return raisedBy.vendor;
    case 'ats':
      return raisedBy.ats;
  }
}

function newInvitation(given: {
  state: ApplicationState;
  snapshot: Snapshot;
  policy: Policy;
  now: Date;
  wish: InvitationWish;
  email: string;
  one: OnePerson;
}): Invitation {
  const { state, snapshot, policy, now, wish, email, one } = given;
  const { assessment } = wish;
  const { person } = one;
  const held = wish.holdSeconds > 0;
  const inAssessmentStage = stageRoleOf(policy, snapshot.stage) === 'assessment';
  return {
    id: wish.id,
    vendorConnectionId: assessment.vendorConnectionId,
    assessmentId: assessment.id,
    assessmentExternalId: assessment.externalId,
    assessmentName: assessment.name,
    tag: assessment.tag,
    person,
    email,
    attempt: Math.max(0, ...pastAttempts(state, assessment, one).map((past) => past.attempt)) + 1,
    state: held ? 'held' : 'sending',
    raisedBy: wish.raisedBy,
    stageEntryKey: inAssessmentStage ? (currentStageEntry(snapshot)?.key ?? null) : null,
    dueAt: held ? new Date(now.getTime() + wish.holdSeconds * 1000).toISOString() : null,
    createdAt: now.toISOString(),
    sentAt: null,
    startedAt: null,
    submittedAt: null,
    closedAt: null,
    expiresAt: null,
    externalId: null,
    unverified: false,
    handover: assessment.handover,
    options: {
      ...wish.options,
      ...(assessment.remindDays?.length && { remindDays: assessment.remindDays }),
      ...(!addressesOf('', snapshot).has(person) && { addressChosen: true as const }),
    },
    trouble: null,
    result: null,
    version: 0,
  };
}
