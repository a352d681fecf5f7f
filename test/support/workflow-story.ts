import { type ApplicationStatus, type Snapshot, type StageEntry, stageEntryKey } from '../../lib/domain/application.ts';
import type { Assessment } from '../../lib/domain/assessment.ts';
import type { Invitation, RaisedBy } from '../../lib/domain/invitation.ts';
import type { ReasonCode } from '../../lib/domain/reason.ts';
import type { VendorResult } from '../../lib/domain/result.ts';
import { decide } from '../../server/workflow/decide.ts';
import type { Effect } from '../../server/workflow/effect.ts';
import type { Decision, WorkflowEvent } from '../../server/workflow/event.ts';
import { type OwnMove, observe, observeStanding } from '../../server/workflow/observe.ts';
import { nextDueAt } from '../../server/workflow/pass-time.ts';
import { DEFAULT_RULES, NOTHING_WRITTEN, type Policy } from '../../server/workflow/policy.ts';
import { type ApplicationState, EMPTY_STATE } from '../../server/workflow/state.ts';

export const START = new Date('2026-03-02T09:00:00.000Z');
export const BEN: RaisedBy = { kind: 'member', memberId: 'member-ben', name: 'Ben' };
export const STAGES = { review: 'Review', test: 'Test', live: 'Live coding', onsite: 'Onsite', offer: 'Offer' } as const;
export type StageName = keyof typeof STAGES;

export function makeAssessment(changes: Partial<Assessment> = {}): Assessment {
  return {
    id: 'assessment-swe',
    vendorConnectionId: 'vendor-1',
    vendor: 'coderbyte',
    externalId: 'swe',
    name: 'Senior SWE',
    kind: 'test',
    durationMinutes: 60,
    tag: 'Senior SWE',
    passMark: 70,
    deadlineDays: 7,
    linkTemplate: null,
    handover: 'vendor e-mail',
    archived: false,
    ...changes,
  };
}

export const DATA = makeAssessment({ id: 'assessment-data', externalId: 'data', name: 'Data Scientist', tag: 'Data take-home' });

export function makePolicy(changes: Partial<Policy> = {}): Policy {
  return {
    version: 1,
    rules: DEFAULT_RULES,
    holdSeconds: 10,
    automaticHoldSeconds: 0,
    leavingGraceMinutes: 5,
    inheritedTagsCount: false,
    tagRecheckSeconds: 30,
    assessments: [makeAssessment(), DATA],
    vendorsOn: ['vendor-1'],
    stageRoles: [
      { stageId: 'test', stageName: null, role: 'assessment' },
      { stageId: 'live', stageName: null, role: 'assessment' },
      { stageId: 'onsite', stageName: null, role: 'onsite' },
      { stageId: 'offer', stageName: null, role: 'offer' },
    ],
    goneStages: [],
    dispositionMeanings: [
      { reasonId: 'underqualified', meaning: 'rejected' },
      { reasonId: 'withdrew', meaning: 'withdrew' },
      { reasonId: 'offer-accepted', meaning: 'accepted' },
      { reasonId: 'offer-declined', meaning: 'declined' },
      { reasonId: 'closed', meaning: 'not applicable' },
    ],
    moveTarget: { stageId: 'onsite', name: 'Onsite' },
    writeBack: NOTHING_WRITTEN,
    commentsInNotes: [],
    onResult: [],
    automaticSince: '2026-01-01T00:00:00.000Z',
    ...changes,
  };
}

export function makeEntry(stage: StageName, at: Date = START): StageEntry {
  return { key: stageEntryKey(stage, at), stageId: stage, stageName: STAGES[stage], enteredAt: at.toISOString() };
}

export function makeSnapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    ats: 'lever',
    connectionId: 'ats-1',
    applicationId: 'application-1',
    candidateId: 'candidate-1',
    name: 'Ada Moreno',
    emails: ['Ada@Mail.example'],
    canEmail: null,
    tags: [{ text: 'senior swe ', inherited: false }],
    job: { id: 'job-1', name: 'Backend Engineer' },
    stage: null,
    stageEntries: [],
    status: 'active',
    disposition: null,
    confidential: false,
    anonymised: false,
    profileUrl: null,
    readAt: START.toISOString(),
    ...changes,
  };
}

export function makeResult(changes: Partial<VendorResult> = {}): Omit<VendorResult, 'version'> {
  const { version: _version, ...result } = {
    version: 0,
    status: 'final' as const,
    verified: true,
    score: { value: 84, max: 100 },
    rating: null,
    breakdown: [],
    integrity: { status: 'clear' as const, signals: [] },
    verdict: null,
    notes: null,
    reportUrl: 'https://coderbyte.com/report/1',
    timeExpired: false,
    reportedAt: START.toISOString(),
    enteredBy: null,
    ...changes,
  };
  return result;
}

type Told = WorkflowEvent extends infer Event ? (Event extends unknown ? Omit<Event, 'snapshot' | 'freshId'> : never) : never;

/**
 * One application's life, played through `observe` and `decide` in the order in which a lane does it. The world (stage, tags, status) is
 * what the ATS holds; nothing of it is noticed before `look`.
 */
export class Story {
  state: ApplicationState;
  policy: Policy;
  world: Snapshot;
  now = START;
  ownMoves: OwnMove[] = [];
  readonly decisions: Decision[] = [];
  readonly effects: Effect[] = [];
  private ids = 0;
  private seen: Snapshot | null = null;

  constructor(given: { policy?: Partial<Policy>; world?: Partial<Snapshot>; state?: Partial<ApplicationState> } = {}) {
    this.policy = makePolicy(given.policy);
    this.world = makeSnapshot(given.world);
    this.state = { ...EMPTY_STATE, ...given.state };
  }

  /** The candidate enters a stage in the ATS; nobody has told us yet. */
  enter(stage: StageName): this {
    const entry = makeEntry(stage, this.now);
    this.world = {
      ...this.world,
      stage: { id: stage, name: STAGES[stage] },
      stageEntries: [...this.world.stageEntries, entry],
    };
    return this;
  }

  end(status: Exclude<ApplicationStatus, 'active' | 'prospect'>, reasonId: string | null = null): this {
    const disposition = { reasonId, reasonName: reasonId, at: this.now.toISOString() };
    this.world = { ...this.world, status, disposition };
    return this;
  }

  reopen(): this {
    this.world = { ...this.world, status: 'active', disposition: null };
    return this;
  }

  tag(...texts: string[]): this {
    this.world = { ...this.world, tags: texts.map((text) => ({ text, inherited: false })) };
    return this;
  }

  pass(seconds: number): this {
    this.now = new Date(this.now.getTime() + seconds * 1000);
    return this;
  }

  /** One round: a fresh re-read, and all that follows from it. Returns what was decided. */
  look(snapshot: Snapshot = this.world): Decision[] {
    const before = this.decisions.length;
    const given = { snapshot, policy: this.policy, freshId: () => this.freshId() };
    const known = { snapshot: this.seen, decidedEntries: this.state.decidedEntries };
    this.seen = snapshot;
    for (const event of observe({ ...given, state: this.state, ownMoves: this.ownMoves })) this.take(event);
    for (const event of observeStanding({ ...given, state: this.state, now: this.now, before: known })) this.take(event);
    return this.decisions.slice(before);
  }

  /** The re-read finds nothing. */
  lookInVain(): Decision[] {
    const before = this.decisions.length;
    const base = { snapshot: null, freshId: this.freshId() };
    if (!this.state.vanished) this.take({ ...base, type: 'application.vanished' });
    const due = nextDueAt(this.state);
    if (due !== null && Date.parse(due) <= this.now.getTime()) this.take({ ...base, type: 'time.passed' });
    return this.decisions.slice(before);
  }

  /** Something happens that is no news from the ATS: a click, a report. */
  happen(told: Told, snapshot: Snapshot | null = this.state.vanished ? null : this.world): Decision {
    return this.take({ ...told, snapshot, freshId: this.freshId() });
  }

  click(changes: Partial<Extract<Told, { type: 'invitation.requested' }>> = {}): Decision {
    const id = this.freshId();
    return this.happen({
      type: 'invitation.requested',
      actionId: `action-${id}`,
      invitationId: `invitation-${id}`,
      by: BEN,
      assessmentId: 'assessment-swe',
      email: null,
      options: {},
      retake: false,
      clickedAt: this.now.toISOString(),
      ...changes,
    });
  }

  /** The invitation has reached the vendor. */
  confirmSent(id: string = this.last.id): Decision {
    const expiresAt = new Date(this.now.getTime() + 7 * 86_400_000).toISOString();
    const at = this.now.toISOString();
    return this.happen({
      type: 'invitation.sent',
      invitationId: id,
      externalId: 'ext-1',
      handover: 'vendor e-mail',
      expiresAt,
      at,
    });
  }

  report(state: Extract<Told, { type: 'progress.reported' }>['state'], verified = true, id: string = this.last.id): Decision {
    const by: RaisedBy = { kind: 'vendor', vendor: 'Coderbyte' };
    return this.happen({
      type: 'progress.reported',
      invitationId: id,
      by,
      state,
      verified,
      startedAt: null,
      submittedAt: null,
    });
  }

  result(changes: Partial<VendorResult> = {}, id: string = this.last.id): Decision {
    const by: RaisedBy = { kind: 'vendor', vendor: 'Coderbyte' };
    return this.happen({ type: 'result.reported', invitationId: id, by, result: makeResult(changes) });
  }

  take(event: WorkflowEvent): Decision {
    const { state, effects, decision } = decide(this.state, event, this.policy, this.now);
    this.state = state;
    this.effects.push(...effects);
    this.decisions.push(decision);
    return decision;
  }

  get last(): Invitation {
    const invitation = this.state.invitations.at(-1);
    if (!invitation) throw new Error('nobody was invited in this story');
    return invitation;
  }

  get effectKinds(): Effect['kind'][] {
    return this.effects.map((effect) => effect.kind);
  }

  get codes(): ReasonCode[] {
    return codesOf(this.decisions);
  }

  private freshId(): string {
    this.ids += 1;
    return `id-${this.ids}`;
  }
}

export function codesOf(decisions: readonly Decision[]): ReasonCode[] {
  return decisions.flatMap((decision) => decision.reasons.map((reason) => reason.code));
}
