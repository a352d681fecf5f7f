import type { Snapshot } from '../../lib/domain/application.ts';
import type {
  AtsFeedback,
  AtsField,
  AtsFile,
  AtsOperations,
  DeletedApplication,
  FieldValue,
} from '../../server/ats/operations.ts';
import type { AtsAdapter, AtsDispositionReason, AtsStage } from '../../server/ats/port.ts';
import type { CallFailure, CallResult } from '../../server/outbound/outcome.ts';
import type { ReportFile, VendorOperations } from '../../server/vendors/operations.ts';
import type { InvitationOrder, InvitationReceipt, VendorAdapter, VendorReport } from '../../server/vendors/port.ts';

type Failure = { ok: false } & CallFailure;

export const FORBIDDEN: Failure = { ok: false, kind: 'forbidden', status: 403, detail: '' };
export const UNAUTHORISED: Failure = { ok: false, kind: 'unauthorised', status: 401, detail: '' };
export const UNREACHABLE: Failure = { ok: false, kind: 'unreachable', detail: 'connection refused' };
export const NOT_FOUND: Failure = { ok: false, kind: 'not-found', status: 404, detail: '' };
const TOO_LONG: Failure = { ok: false, kind: 'unreadable', detail: 'the list does not end', tooMuch: 'list' };
export const LOST: Failure = { ok: false, kind: 'ambiguous', detail: 'the answer was lost' };
/** The order of the stages of test/support/workflow-story.ts. */
const NEXT: Record<string, Snapshot['stage']> = {
  review: { id: 'test', name: 'Test' },
  test: { id: 'onsite', name: 'Onsite' },
  onsite: { id: 'offer', name: 'Offer' },
};
const done: CallResult<void> = { ok: true, value: undefined };

type AtsMethod = keyof AtsAdapter | keyof AtsOperations;
type VendorMethod = keyof VendorAdapter | keyof VendorOperations;

/** An ATS in memory: applications as snapshots, and what was written. Fails, or waits, when the test says so. */
export class FakeAts {
  readonly applications = new Map<string, Snapshot>();
  readonly calls: string[] = [];
  readonly notes: { id: string; applicationId: string; text: string }[] = [];
  changed: string[] = [];
  /** When they changed; who is not named here did so at whatever time is asked for. */
  readonly changedAt = new Map<string, Date>();
  /** So many of them are listed at most, and so many deleted ones; of a longer list it says only that it is too long. */
  longestList = Number.POSITIVE_INFINITY;
  /** Called before each list of changes. */
  onListChanges: (window: { since: Date; until: Date | null }) => void | Promise<void> = () => undefined;
  /** Those of them that stand in no stage that was asked for. */
  readonly elsewhere = new Set<string>();
  /** What the list of changes calls the stage in which somebody stands, where it does. */
  readonly listedStages = new Map<string, string>();
  /** What its list of deleted ones says. */
  deleted: string[] | Failure = [];
  /** From when on it was asked for, reading by reading. */
  readonly deletedSince: Date[] = [];
  /** How far our clock is ahead, as far as its answers told. */
  ownClockAheadMs = () => 0;
  stages: AtsStage[] = [];
  reasons: AtsDispositionReason[] = [];
  /** What the next calls of a method answer instead; used up in order. `work-then-fail`: does it, and loses the answer. */
  readonly failures = new Map<AtsMethod, (Failure | 'work-then-fail')[]>();
  /** Called before a snapshot is answered, so that a test can act in the middle of a round. */
  onRead: (applicationId: string) => void | Promise<void> = () => undefined;
  canListNotes = true;
  fields: AtsField[] = [];
  fieldValues: Record<string, FieldValue['value']> = {};
  readonly links = new Set<string>();
  readonly files: AtsFile[] = [];
  readonly feedback: AtsFeedback[] = [];
  canReadFeedback = true;
  canReadFiles = true;
  /** Called before the stages are listed, which a look may begin with. */
  onListStages: () => void = () => undefined;
  /** Called before fields are written, so that a test can act between the look and the write. */
  onWriteFields: () => void | Promise<void> = () => undefined;
  private nextNote = 1;

  fail(method: AtsMethod, ...failures: (Failure | 'work-then-fail')[]): void {
    this.failures.set(method, [...(this.failures.get(method) ?? []), ...failures]);
  }

  count(method: string): number {
    return this.calls.filter((call) => call.startsWith(method)).length;
  }

  readonly adapter: AtsAdapter = {
    kind: 'lever',
    capabilities: { updatesNotes: true, stagesPerJob: false },
    changeRights: {},
    ownClockAheadMs: () => this.ownClockAheadMs(),
    operations: {
      findDeletedSince: (since, until) => this.listDeleted(since, until ?? null),
      advance: async ({ applicationId }) =>
        this.alter('advance', applicationId, (snapshot) => ({ ...snapshot, stage: NEXT[snapshot.stage?.id ?? ''] ?? null })),
      transfer: async ({ applicationId }, { toJobId }) =>
        this.alter('transfer', applicationId, (snapshot) => ({
          ...snapshot,
          job: { id: toJobId, name: toJobId },
          stage: { id: 'review', name: 'Review' },
        })),
      reject: async ({ applicationId }, { reasonId }) => {
        const already = this.applications.get(applicationId)?.disposition?.reasonId;
        if (already) return already === reasonId ? done : { ok: false, kind: 'refused', status: 422, detail: 'another reason' };
        return this.alter('reject', applicationId, (snapshot) => ({
          ...snapshot,
          status: 'archived',
          disposition: { reasonId, reasonName: reasonId, at: null },
        }));
      },
      unreject: async ({ applicationId }) =>
        this.alter('unreject', applicationId, (snapshot) => ({ ...snapshot, status: 'active', disposition: null })),
      hire: async ({ applicationId }) => this.alter('hire', applicationId, (snapshot) => ({ ...snapshot, status: 'hired' })),
      updateNote: async (_target, { noteId, text }) =>
        this.answer('updateNote', noteId, () => {
          const note = this.notes.find(({ id }) => id === noteId);
          if (!note) return NOT_FOUND;
          note.text = text;
          return done;
        }),
      listFields: async () => this.answer('listFields', '', () => ({ ok: true, value: [...this.fields] })),
      writeFields: async (_target, values) => {
        await this.onWriteFields();
        return this.answer('writeFields', '', () => {
          for (const { fieldId, value } of values) this.fieldValues[fieldId] = value;
          return done;
        });
      },
      addLink: async (_target, url) =>
        this.answer('addLink', url, () => {
          this.links.add(url);
          return done;
        }),
      findFile: async (_target, name) =>
        this.answer('findFile', name, () => {
          if (!this.canReadFiles) return { ok: true, value: 'cannot-look' };
          return { ok: true, value: this.files.some((one) => one.name === name) ? 'found' : 'absent' };
        }),
      attachFile: async (_target, file) =>
        this.answer('attachFile', file.name, () => {
          this.files.push(file);
          return { ok: true, value: { fileId: null } };
        }),
      findFeedback: async (_target, reference) =>
        this.answer('findFeedback', reference, () => {
          if (!this.canReadFeedback) return { ok: true, value: 'cannot-look' };
          return { ok: true, value: this.feedback.some((one) => one.reference === reference) ? 'found' : 'absent' };
        }),
      writeFeedback: async (_target, feedback) =>
        this.answer('writeFeedback', feedback.reference, () => {
          this.feedback.push(feedback);
          return { ok: true, value: { feedbackId: null } };
        }),
    },
    readSnapshot: async (id) => {
      await this.onRead(id);
      return this.answer('readSnapshot', id, () => {
        const found = this.applications.get(id);
        return found ? { ok: true, value: found } : NOT_FOUND;
      });
    },
    findApplications: async () => ({ ok: true, value: [] }),
    findChangedSince: (query) => this.changes(query),
    listStages: async () => {
      this.onListStages();
      return this.answer('listStages', '', () => ({ ok: true, value: this.stages }));
    },
    listDispositionReasons: async () => ({ ok: true, value: this.reasons }),
    addTag: async ({ applicationId }, tag) => this.answer('addTag', `${applicationId} ${tag}`, () => done),
    removeTag: async ({ applicationId }, tag) => this.answer('removeTag', `${applicationId} ${tag}`, () => done),
    writeNote: async ({ applicationId }, { text }) =>
      this.answer('writeNote', applicationId, () => {
        const id = `note-${this.nextNote++}`;
        this.notes.push({ id, applicationId, text });
        return { ok: true, value: { noteId: id } };
      }),
    findNote: async (_target, reference) =>
      this.answer('findNote', reference, () => {
        if (!this.canListNotes) return { ok: true, value: 'cannot-look' };
        return { ok: true, value: this.notes.some(({ text }) => text.includes(reference)) ? 'found' : 'absent' };
      }),
    moveToStage: async ({ applicationId }, { toStageId }) =>
      this.answer('moveToStage', `${applicationId} ${toStageId}`, () => {
        const snapshot = this.applications.get(applicationId);
        if (snapshot) this.applications.set(applicationId, { ...snapshot, stage: { id: toStageId, name: toStageId } });
        return done;
      }),
    check: async () => ({ ok: true, value: { account: null } }),
  };

  private alter(method: AtsMethod, applicationId: string, change: (snapshot: Snapshot) => Snapshot): CallResult<void> {
    return this.answer(method, applicationId, () => {
      const snapshot = this.applications.get(applicationId);
      if (!snapshot) return NOT_FOUND;
      this.applications.set(applicationId, change(snapshot));
      return done;
    });
  }

  private async *listDeleted(since: Date, until: Date | null): AsyncGenerator<CallResult<DeletedApplication>> {
    this.deletedSince.push(since);
    if (!Array.isArray(this.deleted)) return yield this.deleted;
    const listed = this.deleted.filter((id) => this.isWithin(id, { since, until }));
    for (const applicationId of listed.slice(0, this.longestList))
      yield { ok: true as const, value: { applicationId, deletedAt: '2026-03-02T08:59:00.000Z' } };
    if (listed.length > this.longestList) yield TOO_LONG;
  }

  private async *changes({ since, until = null, stageIds }: { since: Date; until?: Date | null; stageIds: string[] }) {
    this.calls.push(`findChangedSince ${since.toISOString()} ${stageIds.join(' ')}`);
    await this.onListChanges({ since, until });
    const listed = this.changed.filter((id) => this.isWithin(id, { since, until }));
    for (const applicationId of listed.slice(0, this.longestList)) {
      const stageName = this.listedStages.get(applicationId);
      const isElsewhere = this.elsewhere.has(applicationId);
      yield { ok: true as const, value: { applicationId, isElsewhere, ...(stageName === undefined ? {} : { stageName }) } };
    }
    const failure = this.failures.get('findChangedSince')?.shift();
    if (failure && failure !== 'work-then-fail') yield failure;
    else if (listed.length > this.longestList) yield TOO_LONG;
  }

  private isWithin(id: string, { since, until }: { since: Date; until: Date | null }): boolean {
    const at = this.changedAt.get(id);
    return at === undefined || (at >= since && (until === null || at <= until));
  }

  private answer<T>(method: AtsMethod, detail: string, work: () => CallResult<T>): CallResult<T> {
    this.calls.push(`${method} ${detail}`.trim());
    const failure = this.failures.get(method)?.shift();
    if (failure && failure !== 'work-then-fail') return failure;
    const value = work();
    return failure ? LOST : value;
  }
}

/** A vendor in memory. Its story, and what it answers, are the test's to say. */
export class FakeVendor {
  readonly invited: InvitationOrder[] = [];
  readonly cancelled: string[] = [];
  readonly resent: string[] = [];
  /** By our id of the invitation. */
  readonly deadlines = new Map<string, string>();
  readonly extraTime = new Map<string, number>();
  readonly calls: string[] = [];
  readonly failures = new Map<VendorMethod, (Failure | 'work-then-fail')[]>();
  report: VendorReport | null = null;
  receipt: Partial<InvitationReceipt> = {};
  onInvite: () => void | Promise<void> = () => undefined;
  /** What this vendor can do besides; none unless a test gives it. */
  readonly operations: VendorOperations = {};
  readonly adapter: VendorAdapter;

  constructor(capabilities: Partial<VendorAdapter['capabilities']> = {}) {
    this.adapter = {
      kind: 'coderbyte',
      capabilities: {
        invite: 'api',
        inviteStory: 'look',
        listsAssessments: true,
        cancels: true,
        results: 'api',
        webhookTrust: 'hint-only',
        emailedBy: ['vendor', 'us', 'nobody'],
        correlation: 'our-id',
        retakes: true,
        extraTime: 'none',
        reportsStarted: true,
        reportsExpiry: true,
        scoreScale: 'percent',
        webhookProof: 'identity',
        ...capabilities,
      },
      operations: this.operations,
      listAssessments: async () => ({ ok: true, value: [] }),
      invite: async (order) => {
        await this.onInvite();
        return this.answer('invite', () => {
          this.invited.push(order);
          return { ok: true, value: this.receiptFor(order) };
        });
      },
      findInvitation: async (order) =>
        this.answer('findInvitation', () => {
          const isOurs = (one: InvitationOrder) => one.invitationId === order.invitationId;
          const found = this.cancelled.includes(order.invitationId) ? undefined : this.invited.find(isOurs);
          return { ok: true, value: found ? this.receiptFor(found) : null };
        }),
      cancel: async (invitation) =>
        this.answer('cancel', () => {
          this.cancelled.push(invitation.id);
          return done;
        }),
      readReport: async () => this.answer('readReport', () => (this.report ? { ok: true, value: this.report } : NOT_FOUND)),
      check: async () => ({ ok: true, value: { account: null } }),
    };
  }

  /** From now on this vendor is one that has reports as files. */
  giveFiles(answer: CallResult<ReportFile | null>): void {
    this.operations.readReportFile = async () => this.answer('readReportFile', () => answer);
  }

  /** From now on this vendor is one that can do these, too. */
  allow(...names: ('resend' | 'extend' | 'giveExtraTime')[]): void {
    if (names.includes('resend'))
      this.operations.resend = async ({ id }) =>
        this.answer('resend', () => {
          this.resent.push(id);
          return done;
        });
    if (names.includes('extend'))
      this.operations.extend = async ({ id }, expiresAt) =>
        this.answer('extend', () => {
          this.deadlines.set(id, expiresAt.toISOString());
          return { ok: true, value: { expiresAt: expiresAt.toISOString() } };
        });
    if (names.includes('giveExtraTime'))
      this.operations.giveExtraTime = async ({ id }, percent) =>
        this.answer('giveExtraTime', () => {
          this.extraTime.set(id, percent);
          return done;
        });
  }

  fail(method: VendorMethod, ...failures: (Failure | 'work-then-fail')[]): void {
    this.failures.set(method, [...(this.failures.get(method) ?? []), ...failures]);
  }

  count(method: string): number {
    return this.calls.filter((call) => call === method).length;
  }

  private receiptFor(order: InvitationOrder): InvitationReceipt {
    return {
      externalId: `ext-${order.invitationId}`,
      link: `https://coderbyte.com/t/${order.invitationId}`,
      emailedBy: 'vendor',
      expiresAt: order.expiresAt,
      ...this.receipt,
    };
  }

  private answer<T>(method: VendorMethod, work: () => CallResult<T>): CallResult<T> {
    this.calls.push(method);
    const failure = this.failures.get(method)?.shift();
    if (failure && failure !== 'work-then-fail') return failure;
    const value = work();
    return failure ? LOST : value;
  }
}
