import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  boolean,
  customType,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { ConnectionKind, ConnectionSettings, RulesView } from '../../lib/contract/settings.ts';
import type { Snapshot } from '../../lib/domain/application.ts';
import type { AssessmentKind, CatalogueState } from '../../lib/domain/assessment.ts';
import type { Invitation, InvitationOptions, InvitationState, RaisedBy } from '../../lib/domain/invitation.ts';
import { OPEN_STATES } from '../../lib/domain/invitation.ts';
import type { MemberRole } from '../../lib/domain/member.ts';
import type { DispositionMeaning, Outcome } from '../../lib/domain/outcome.ts';
import type { Reason } from '../../lib/domain/reason.ts';
import type { VendorResult } from '../../lib/domain/result.ts';
import type { StageRole } from '../../lib/domain/stage-role.ts';
import type { AtsUser } from '../ats/operations.ts';
import type { AtsDispositionReason, AtsStage } from '../ats/port.ts';
import type { Effect } from '../workflow/effect.ts';
import type { KeptState } from '../workflow/state.ts';
import type { AuditWho } from './audit.repository.ts';

/** Everything of ours lives in one PostgreSQL schema, beside pg-boss's own. */
export const tagalong = pgSchema('tagalong');

const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** One row each for what the company sets once: mail, company name. Secrets in it are sealed (see seal.ts). */
export const settings = tagalong.table('settings', {
  key: text('key').primaryKey(),
  value: jsonb('value').$type<Record<string, unknown>>().notNull(),
  updatedAt: at('updated_at').notNull(),
});

export const members = tagalong.table('members', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull(),
  role: text('role').$type<MemberRole>().notNull(),
  /** Lower case; by it the member's users in the ATSs are found. An admin gives it, never the browser that pairs. */
  email: text('email'),
  createdAt: at('created_at').notNull(),
  revokedAt: at('revoked_at'),
});

/** Bearer tokens, as SHA-256 only. */
export const tokens = tagalong.table(
  'tokens',
  {
    id: uuid('id').primaryKey(),
    memberId: uuid('member_id')
      .notNull()
      .references(() => members.id),
    hash: text('hash').notNull(),
    device: text('device').notNull(),
    /** The extension's origin that paired; Firefox's is random per install. */
    origin: text('origin'),
    createdAt: at('created_at').notNull(),
    lastUsedAt: at('last_used_at'),
    revokedAt: at('revoked_at'),
  },
  (t) => [uniqueIndex('tokens_hash').on(t.hash), index('tokens_member').on(t.memberId)],
);

/** One-time pairing codes, as SHA-256 only: 24 hours, five tries, each carries a role. */
export const pairingCodes = tagalong.table(
  'pairing_codes',
  {
    id: uuid('id').primaryKey(),
    /** The code's open first part: names the row, so that wrong guesses of the secret rest can be counted. */
    prefix: text('prefix').notNull(),
    hash: text('hash').notNull(),
    tries: integer('tries').notNull().default(0),
    role: text('role').$type<MemberRole>().notNull(),
    /** Of the person for whom the code is; becomes the member's. */
    email: text('email'),
    note: text('note').notNull(),
    createdBy: uuid('created_by'),
    createdAt: at('created_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    usedAt: at('used_at'),
    usedBy: uuid('used_by'),
    revokedAt: at('revoked_at'),
  },
  (t) => [uniqueIndex('pairing_codes_hash').on(t.hash), uniqueIndex('pairing_codes_prefix').on(t.prefix)],
);

/** Counts what may only be tried so often, shared by all server processes: wrong pairing codes per address and in all. */
export const tryCounters = tagalong.table('try_counters', {
  key: text('key').primaryKey(),
  tries: integer('tries').notNull(),
  resetsAt: at('resets_at').notNull(),
});

/** A configured account at an ATS or a vendor. */
export const connections = tagalong.table('connections', {
  id: uuid('id').primaryKey(),
  kind: text('kind').$type<ConnectionKind>().notNull(),
  side: text('side').$type<'ats' | 'vendor'>().notNull(),
  name: text('name').notNull(),
  enabled: boolean('enabled').notNull(),
  settings: jsonb('settings').$type<ConnectionSettings>().notNull(),
  /** Sealed: AES-256-GCM, a data key per record wrapped by the master key. */
  secrets: jsonb('secrets').$type<Record<string, { sealed: string; lastFour: string }>>().notNull(),
  /** Stage entries before this cause nothing by themselves. */
  automaticSince: at('automatic_since').notNull(),
  account: text('account'),
  checkedAt: at('checked_at'),
  trouble: text('trouble'),
  /** How far the reconcile sweep has looked. */
  sweepCursor: at('sweep_cursor'),
  sweepDueAt: at('sweep_due_at'),
  /** What a sweep that cannot list everything has got through, in the words of its kind. */
  sweepState: jsonb('sweep_state').$type<Record<string, unknown>>(),
  createdAt: at('created_at').notNull(),
  updatedAt: at('updated_at').notNull(),
  deletedAt: at('deleted_at'),
});

/**
 * What is left of a credential's allowance, shared by all processes: one row per credential, changed by conditional updates only.
 * `state` in the words of the limiter (server/outbound).
 */
export const rateAllowances = tagalong.table('rate_allowances', {
  key: text('key').primaryKey(),
  state: jsonb('state').$type<Record<string, unknown>>().notNull(),
  updatedAt: at('updated_at').notNull(),
});

/** The users of an ATS as last listed: for mapping members, and for what each may see. */
export const atsUsers = tagalong.table(
  'ats_users',
  {
    connectionId: uuid('connection_id')
      .notNull()
      .references(() => connections.id),
    userId: text('user_id').notNull(),
    name: text('name'),
    emails: jsonb('emails').$type<string[]>().notNull(),
    active: boolean('active').notNull(),
    sees: text('sees').$type<AtsUser['sees']>().notNull(),
    roleName: text('role_name'),
    readAt: at('read_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.connectionId, t.userId] })],
);

/** Which ATS user a member is, where an admin said so by hand; without a row the e-mail decides. `userId` null: none, by hand too. */
export const memberAtsUsers = tagalong.table(
  'member_ats_users',
  {
    memberId: uuid('member_id')
      .notNull()
      .references(() => members.id),
    connectionId: uuid('connection_id')
      .notNull()
      .references(() => connections.id),
    userId: text('user_id'),
    setBy: uuid('set_by'),
    setAt: at('set_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.memberId, t.connectionId] })],
);

/** What the access doctor found last. */
export const accessReports = tagalong.table('access_reports', {
  connectionId: uuid('connection_id')
    .primaryKey()
    .references(() => connections.id),
  report: jsonb('report').$type<Record<string, unknown>>().notNull(),
  examinedAt: at('examined_at').notNull(),
});

/** Tokens of an ATS, shared by all processes. Sealed, each with its expiry. */
export const atsTokens = tagalong.table('ats_tokens', {
  connectionId: uuid('connection_id')
    .primaryKey()
    .references(() => connections.id),
  sealed: text('sealed').notNull(),
  updatedAt: at('updated_at').notNull(),
});

/** Consents that were asked for and not given yet. `hash`: SHA-256 of the state that comes back with the answer; taken once. */
export const oauthStates = tagalong.table('oauth_states', {
  hash: text('hash').primaryKey(),
  connectionId: uuid('connection_id')
    .notNull()
    .references(() => connections.id),
  /** As it was named when consent was asked for: the exchange has to name the same, byte for byte. */
  redirectUri: text('redirect_uri').notNull(),
  startedBy: uuid('started_by').notNull(),
  expiresAt: at('expires_at').notNull(),
});

/** An ATS's own words as the set-up saw them, for credentials that may not list them later. */
export const keptNames = tagalong.table('kept_names', {
  connectionId: uuid('connection_id')
    .primaryKey()
    .references(() => connections.id),
  stages: jsonb('stages').$type<AtsStage[]>().notNull(),
  reasons: jsonb('reasons').$type<AtsDispositionReason[]>().notNull(),
  updatedAt: at('updated_at').notNull(),
});

/** One unguessable address per connection and event, each with its own list of live secrets. */
export const webhookEndpoints = tagalong.table(
  'webhook_endpoints',
  {
    id: uuid('id').primaryKey(),
    connectionId: uuid('connection_id')
      .notNull()
      .references(() => connections.id),
    event: text('event').notNull(),
    token: text('token').notNull(),
    /**
     * `replacedAt`: another took its place; it counts for a while longer, for what is on its way. `isMade`: by the ATS's API for a webhook
     * of ours, whose id there it has.
     */
    secrets: jsonb('secrets')
      .$type<
        {
          id: string;
          sealed: string;
          lastFour: string;
          addedAt: string;
          replacedAt?: string;
          acceptedUntil?: string;
          isMade?: boolean;
        }[]
      >()
      .notNull(),
    lastSeenAt: at('last_seen_at'),
    lastTestAt: at('last_test_at'),
    lastRefusedAt: at('last_refused_at'),
    lastRefusedBecause: text('last_refused_because'),
    refusals: integer('refusals').notNull().default(0),
  },
  (t) => [uniqueIndex('webhook_endpoints_token').on(t.token), uniqueIndex('webhook_endpoints_event').on(t.connectionId, t.event)],
);

export const stageRoles = tagalong.table(
  'stage_roles',
  {
    id: uuid('id').primaryKey(),
    connectionId: uuid('connection_id')
      .notNull()
      .references(() => connections.id),
    stageId: text('stage_id'),
    stageName: text('stage_name'),
    role: text('role').$type<StageRole>().notNull(),
  },
  (t) => [index('stage_roles_connection').on(t.connectionId)],
);

export const reasonMeanings = tagalong.table(
  'reason_meanings',
  {
    connectionId: uuid('connection_id')
      .notNull()
      .references(() => connections.id),
    reasonId: text('reason_id').notNull(),
    reasonName: text('reason_name').notNull(),
    meaning: text('meaning').$type<DispositionMeaning>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.connectionId, t.reasonId] })],
);

export const assessments = tagalong.table(
  'assessments',
  {
    id: uuid('id').primaryKey(),
    vendorConnectionId: uuid('vendor_connection_id')
      .notNull()
      .references(() => connections.id),
    externalId: text('external_id').notNull(),
    name: text('name').notNull(),
    kind: text('kind').$type<AssessmentKind>().notNull(),
    durationMinutes: integer('duration_minutes'),
    tag: text('tag').notNull(),
    passMark: doublePrecision('pass_mark'),
    deadlineDays: integer('deadline_days').notNull(),
    linkTemplate: text('link_template'),
    handover: text('handover').$type<Invitation['handover']>().notNull(),
    /** Days before the deadline on which we remind, where the vendor does not. */
    remindDays: jsonb('remind_days').$type<number[]>().notNull().default([]),
    archivedAt: at('archived_at'),
    createdAt: at('created_at').notNull(),
  },
  (t) => [
    /** A tag names one assessment, as people read it: see sameTag. */
    uniqueIndex('assessments_tag').on(sql`lower(btrim(${t.tag}))`).where(sql`archived_at is null`),
  ],
);

/** What a vendor offers, as last listed. What vanished from the list stays as `gone`, so that a tag that names it can be told. */
export const vendorCatalogue = tagalong.table(
  'vendor_catalogue',
  {
    vendorConnectionId: uuid('vendor_connection_id')
      .notNull()
      .references(() => connections.id),
    externalId: text('external_id').notNull(),
    name: text('name').notNull(),
    kind: text('kind').$type<AssessmentKind>().notNull(),
    durationMinutes: integer('duration_minutes'),
    state: text('state').$type<CatalogueState>().notNull(),
    firstSeenAt: at('first_seen_at').notNull(),
    seenAt: at('seen_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.vendorConnectionId, t.externalId] })],
);

/** One-time links that an admin put in; each is given to one invitation and never again. */
export const poolLinks = tagalong.table(
  'pool_links',
  {
    id: uuid('id').primaryKey(),
    assessmentId: uuid('assessment_id')
      .notNull()
      .references(() => assessments.id),
    sealed: text('sealed').notNull(),
    /** SHA-256 of the link: the same is not taken in twice. */
    hash: text('hash').notNull(),
    addedAt: at('added_at').notNull(),
    invitationId: uuid('invitation_id'),
    takenAt: at('taken_at'),
  },
  (t) => [
    uniqueIndex('pool_links_hash').on(t.hash),
    uniqueIndex('pool_links_invitation').on(t.invitationId).where(sql`invitation_id is not null`),
    index('pool_links_free').on(t.assessmentId, t.addedAt).where(sql`invitation_id is null`),
  ],
);

/** What a person needs at every test. Sealed, because it tells of their health; shown to recruiters only and never in a note. */
export const accommodations = tagalong.table('accommodations', {
  /** The lower-case e-mail, as in `invitations.person`. */
  person: text('person').primaryKey(),
  sealed: text('sealed').notNull(),
  setBy: uuid('set_by'),
  setAt: at('set_at').notNull(),
});

/** Where we tell other systems what happened: Standard Webhooks, signed. */
export const outgoingHooks = tagalong.table('outgoing_hooks', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull(),
  url: text('url').notNull(),
  events: jsonb('events').$type<string[]>().notNull(),
  sealedSecret: text('sealed_secret').notNull(),
  lastFour: text('last_four').notNull(),
  enabled: boolean('enabled').notNull(),
  lastOkAt: at('last_ok_at'),
  lastFailedAt: at('last_failed_at'),
  lastFailedBecause: text('last_failed_because'),
  createdAt: at('created_at').notNull(),
  deletedAt: at('deleted_at'),
});

/** The company's rules, a new row for every change; the newest is in force. */
export const policyVersions = tagalong.table('policy_versions', {
  version: bigserial('version', { mode: 'number' }).primaryKey(),
  rules: jsonb('rules').$type<RulesView>().notNull(),
  changedBy: uuid('changed_by'),
  changedAt: at('changed_at').notNull(),
});

/** One webhook request as received. Written in the request and nothing else; the relay turns it into hints. */
export const deliveries = tagalong.table(
  'deliveries',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    endpointId: uuid('endpoint_id').notNull(),
    connectionId: uuid('connection_id').notNull(),
    /** Tells a repeat from a new one: the sender's own id, else what stands for it. */
    deliveryKey: text('delivery_key').notNull(),
    event: text('event').notNull(),
    receivedAt: at('received_at').notNull(),
    /** Whom it is about, as read from the verified body; never more than a hint. */
    hints: jsonb('hints').$type<Record<string, unknown>[]>().notNull(),
    /** Raw bytes; emptied after 30 days. */
    body: bytes('body'),
    /** How often the same was received again. */
    repeats: integer('repeats').notNull().default(0),
    relayedAt: at('relayed_at'),
    /** What the relay made of it, in a word: hinted, nobody, unreadable, failed, erased. */
    outcome: text('outcome'),
    /** How often the relay has failed on this one alone; after a few times it is left as `failed`. */
    attempts: integer('attempts').notNull().default(0),
    /** The last such failure, without personal data. */
    error: text('error'),
    /** How often it was run again by hand; part of the key of what that puts into a lane. */
    replays: integer('replays').notNull().default(0),
  },
  (t) => [
    uniqueIndex('deliveries_key').on(t.endpointId, t.deliveryKey),
    index('deliveries_waiting').on(t.id).where(sql`relayed_at is null`),
  ],
);

/** One application as we watch it: its lane, its last snapshot, our state. */
export const applications = tagalong.table(
  'applications',
  {
    key: uuid('key').primaryKey(),
    connectionId: uuid('connection_id')
      .notNull()
      .references(() => connections.id),
    applicationId: text('application_id').notNull(),
    candidateId: text('candidate_id'),
    /** Raised by every hint; when it is higher than `handled` the lane has work. */
    hinted: bigint('hinted', { mode: 'number' }).notNull().default(0),
    handled: bigint('handled', { mode: 'number' }).notNull().default(0),
    leaseToken: uuid('lease_token'),
    leaseUntil: at('lease_until'),
    /** The process that holds it, by the id under which it keeps a lock of the database; a process that died keeps none. */
    leaseHolder: uuid('lease_holder'),
    snapshot: jsonb('snapshot').$type<Snapshot>(),
    snapshotAt: at('snapshot_at'),
    /** Why the last re-read failed, as a call failure's kind. */
    readTrouble: text('read_trouble'),
    state: jsonb('state').$type<KeptState>().notNull(),
    outcome: jsonb('outcome').$type<Outcome>().notNull(),
    /** The earliest time at which something is to happen by itself. */
    dueAt: at('due_at'),
    /** Grows with every commit; panels compare it. */
    version: bigint('version', { mode: 'number' }).notNull().default(0),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (t) => [
    uniqueIndex('applications_ats').on(t.connectionId, t.applicationId),
    index('applications_candidate').on(t.connectionId, t.candidateId),
    index('applications_due').on(t.dueAt).where(sql`due_at is not null`),
    index('applications_behind').on(t.updatedAt).where(sql`hinted > handled`),
    index('applications_job').on(sql`(snapshot -> 'job' ->> 'id')`),
    index('applications_trouble').on(t.connectionId, t.readTrouble).where(sql`read_trouble is not null`),
  ],
);

/** What waits to be decided on one application: clicks, vendor reports, what came of effects. `key` is used once. */
export const inputs = tagalong.table(
  'inputs',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    applicationKey: uuid('application_key')
      .notNull()
      .references(() => applications.key),
    key: text('key').notNull(),
    input: jsonb('input').$type<Record<string, unknown>>().notNull(),
    createdAt: at('created_at').notNull(),
    handledAt: at('handled_at'),
    /** The decision it led to. */
    decisionId: bigint('decision_id', { mode: 'number' }),
  },
  (t) => [uniqueIndex('inputs_key').on(t.key), index('inputs_waiting').on(t.applicationKey, t.id).where(sql`handled_at is null`)],
);

/** Stage entries that have been decided, each once: the primary key is the guard. */
export const stageEntries = tagalong.table(
  'stage_entries',
  {
    applicationKey: uuid('application_key')
      .notNull()
      .references(() => applications.key),
    entryKey: text('entry_key').notNull(),
    stageId: text('stage_id').notNull(),
    enteredAt: at('entered_at').notNull(),
    decidedAt: at('decided_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.applicationKey, t.entryKey] })],
);

const openStates = sql.raw(OPEN_STATES.map((state) => `'${state}'`).join(', '));

export const invitations = tagalong.table(
  'invitations',
  {
    id: uuid('id').primaryKey(),
    applicationKey: uuid('application_key')
      .notNull()
      .references(() => applications.key),
    vendorConnectionId: uuid('vendor_connection_id').notNull(),
    assessmentId: uuid('assessment_id').notNull(),
    assessmentExternalId: text('assessment_external_id').notNull(),
    assessmentName: text('assessment_name').notNull(),
    tag: text('tag').notNull(),
    person: text('person').notNull(),
    email: text('email').notNull(),
    attempt: integer('attempt').notNull(),
    state: text('state').$type<InvitationState>().notNull(),
    raisedBy: jsonb('raised_by').$type<RaisedBy>().notNull(),
    stageEntryKey: text('stage_entry_key'),
    dueAt: at('due_at'),
    createdAt: at('created_at').notNull(),
    sentAt: at('sent_at'),
    startedAt: at('started_at'),
    submittedAt: at('submitted_at'),
    closedAt: at('closed_at'),
    expiresAt: at('expires_at'),
    externalId: text('external_id'),
    unverified: boolean('unverified').notNull(),
    handover: text('handover').$type<Invitation['handover']>().notNull(),
    options: jsonb('options').$type<InvitationOptions>().notNull(),
    trouble: jsonb('trouble').$type<Invitation['trouble']>(),
    /** The newest result; earlier ones stay in `results`. */
    result: jsonb('result').$type<VendorResult>(),
    /** The candidate's personal link, sealed. */
    sealedLink: text('sealed_link'),
    /** When the vendor is asked next, and how often it has been since the last sign of life. */
    pollDueAt: at('poll_due_at'),
    polls: integer('polls').notNull().default(0),
    /** ISO 8601, UTC: when each reminder of ours went out. */
    remindedAt: jsonb('reminded_at').$type<string[]>().notNull().default([]),
    /** Something was done by itself on a version of the result that is no longer the newest: a person has to look. */
    review: jsonb('review').$type<Invitation['review']>(),
    version: integer('version').notNull(),
  },
  (t) => [
    /** The promise of one open invitation per vendor account, assessment and person, kept by the database. */
    uniqueIndex('invitations_one_open')
      .on(t.vendorConnectionId, t.assessmentExternalId, t.person)
      .where(sql`state in (${openStates})`),
    index('invitations_application').on(t.applicationKey),
    index('invitations_person').on(t.person),
    index('invitations_poll').on(t.pollDueAt).where(sql`poll_due_at is not null`),
    /** By the vendor's own id, as its webhooks name it. */
    index('invitations_external').on(t.vendorConnectionId, t.externalId).where(sql`external_id is not null`),
    /** What waits for somebody; few among all. */
    index('invitations_waiting').on(t.createdAt).where(sql`state in ('held', 'failed', 'unconfirmed')`),
    /** When each assessment was used last. */
    index('invitations_assessment').on(t.assessmentId, t.createdAt),
    index('invitations_review').on(t.createdAt).where(sql`review is not null`),
  ],
);

/** Every version of a result. */
export const results = tagalong.table(
  'results',
  {
    invitationId: uuid('invitation_id')
      .notNull()
      .references(() => invitations.id),
    version: integer('version').notNull(),
    result: jsonb('result').$type<VendorResult>().notNull(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.invitationId, t.version] })],
);

/** What was decided and why, also when nothing was done. Only ever added to. */
export const decisions = tagalong.table(
  'decisions',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    applicationKey: uuid('application_key')
      .notNull()
      .references(() => applications.key),
    event: text('event').notNull(),
    at: at('at').notNull(),
    raisedBy: jsonb('raised_by').$type<RaisedBy>(),
    reasons: jsonb('reasons').$type<Reason[]>().notNull(),
    effectKeys: jsonb('effect_keys').$type<string[]>().notNull(),
    invitationId: uuid('invitation_id'),
    actionId: text('action_id'),
    policyVersion: bigint('policy_version', { mode: 'number' }).notNull(),
  },
  (t) => [
    index('decisions_application').on(t.applicationKey, t.id),
    index('decisions_action').on(t.actionId).where(sql`action_id is not null`),
  ],
);

/**
 * queued: to be run. calling: handed to the outside world, answer not yet recorded; found like this after a crash, its story
 * says what to do. done, failed, unconfirmed: final.
 */
export type EffectRowState = 'queued' | 'calling' | 'done' | 'failed' | 'unconfirmed';

export const effects = tagalong.table(
  'effects',
  {
    id: uuid('id').primaryKey(),
    /** What makes it happen once. */
    key: text('key').notNull(),
    kind: text('kind').$type<Effect['kind']>().notNull(),
    applicationKey: uuid('application_key')
      .notNull()
      .references(() => applications.key),
    invitationId: uuid('invitation_id'),
    effect: jsonb('effect').$type<Effect>().notNull(),
    state: text('state').$type<EffectRowState>().notNull(),
    attempts: integer('attempts').notNull().default(0),
    /** The last failure, without personal data. */
    error: text('error'),
    /** What the other side called what we made (a note's id), so that it can be changed later. */
    made: jsonb('made').$type<Record<string, string>>(),
    createdAt: at('created_at').notNull(),
    startedAt: at('started_at'),
    /** When a failed attempt is tried again. */
    runAfter: at('run_after'),
    finishedAt: at('finished_at'),
  },
  (t) => [
    uniqueIndex('effects_key').on(t.key),
    index('effects_application').on(t.applicationKey),
    index('effects_invitation').on(t.invitationId).where(sql`invitation_id is not null`),
    index('effects_unfinished').on(t.createdAt).where(sql`state in ('queued', 'calling')`),
  ],
);

/**
 * What was done, by whom, on whom: only ever added to, which the database itself sees to (a trigger). A row is written with what it
 * tells of, in one transaction, and linked into the chain a moment later by one process at a time (see server/audit). Holds no
 * personal data: `applicationKey` is random, and what could name a person stands in `audit_details`.
 */
export const audit = tagalong.table(
  'audit',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    at: at('at').notNull(),
    /** member, rule, webhook, ats, command (somebody at the server's own command line), system. */
    whoKind: text('who_kind').$type<AuditWho['kind']>().notNull(),
    /** The member's id, or the connection's. */
    whoId: text('who_id'),
    /** In the past tense: invitation.requested, connection.changed. */
    action: text('action').notNull(),
    applicationKey: uuid('application_key'),
    connectionId: uuid('connection_id'),
    /** SHA-256, hex, over salt and detail as they stand in `audit_details`; null where there is none. */
    detailHash: text('detail_hash'),
    /** The place in the chain, from 1 without a gap; null for the moment until it is linked. */
    seq: bigint('seq', { mode: 'number' }),
    prevHash: text('prev_hash'),
    hash: text('hash'),
  },
  (t) => [
    uniqueIndex('audit_seq').on(t.seq).where(sql`seq is not null`),
    index('audit_unlinked').on(t.id).where(sql`seq is null`),
    index('audit_application').on(t.applicationKey, t.id),
    /** Whose entries are shown without their names. */
    index('audit_erased').on(t.applicationKey).where(sql`action = 'candidate.erased'`),
  ],
);

/** Why, before and after, in words that may name people; goes when the person is erased, and the chain still verifies. */
export const auditDetails = tagalong.table('audit_details', {
  auditId: bigint('audit_id', { mode: 'number' })
    .primaryKey()
    .references(() => audit.id),
  salt: text('salt').notNull(),
  /** JSON as text, because a hash is over bytes. */
  detail: text('detail').notNull(),
});

/** Where the chain ends, under a code that only the holder of the master key can make: a chain cut short or written anew shows. */
export const auditHead = tagalong.table('audit_head', {
  one: boolean('one').primaryKey().default(true),
  seq: bigint('seq', { mode: 'number' }).notNull(),
  hash: text('hash').notNull(),
  code: text('code').notNull(),
});

/** What failed and was not mended by itself: a person retries it or discards it, or it settles later. */
export const failures = tagalong.table(
  'failures',
  {
    id: uuid('id').primaryKey(),
    /** What failed, so that the same stands here once: `effect:<id>`, `delivery:<id>`, `job:<queue>:<key>`, `gap:<connection>:<application>:<what>`. */
    key: text('key').notNull(),
    kind: text('kind').$type<'effect' | 'unconfirmed' | 'delivery' | 'job' | 'gap'>().notNull(),
    applicationKey: uuid('application_key'),
    connectionId: uuid('connection_id'),
    /** A word for the code that turns it into a sentence, and what fills its gaps: nothing personal. */
    reason: jsonb('reason').$type<{ code: string; values: Record<string, string> }>().notNull(),
    firstAt: at('first_at').notNull(),
    lastAt: at('last_at').notNull(),
    times: integer('times').notNull().default(1),
    state: text('state').$type<'open' | 'retried' | 'discarded' | 'settled'>().notNull(),
    closedAt: at('closed_at'),
    closedBy: uuid('closed_by'),
    comment: text('comment'),
  },
  (t) => [
    uniqueIndex('failures_key').on(t.key),
    index('failures_open').on(t.lastAt).where(sql`state = 'open'`),
    index('failures_application').on(t.applicationKey),
  ],
);

/** One candidate erased: who asked, what is left outside. Names nobody. */
export const erasures = tagalong.table(
  'erasures',
  {
    id: uuid('id').primaryKey(),
    connectionId: uuid('connection_id'),
    askedBy: text('asked_by').$type<'admin' | 'ats-deleted' | 'ats-anonymised'>().notNull(),
    memberId: uuid('member_id'),
    askedAt: at('asked_at').notNull(),
    finishedAt: at('finished_at'),
    /** Random keys that mean nothing any more: browsers wipe what they keep under them, the audit page finds its entries by them. */
    applicationKeys: jsonb('application_keys').$type<string[]>().notNull(),
    /** What lies where we cannot erase, and what was done about it: codes and counts. */
    outside: jsonb('outside').$type<{ code: string; values: Record<string, string> }[]>().notNull(),
    /** Rows erased, by table. */
    counts: jsonb('counts').$type<Record<string, number>>().notNull(),
  },
  (t) => [index('erasures_keys').using('gin', t.applicationKeys)],
);

/** Keyed hashes (HMAC-SHA-256, hex) of ids of the erased, so that a late webhook does not bring them back. */
export const erasedKeys = tagalong.table('erased_keys', {
  hash: text('hash').primaryKey(),
  erasureId: uuid('erasure_id')
    .notNull()
    .references(() => erasures.id),
});
