import { randomBytes, randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { Pool } from 'pg';
import { pino } from 'pino';
import { afterEach, beforeEach } from 'vitest';
import { coderbyteSettingsSchema, leverSettingsSchema, type RulesView } from '../../lib/contract/settings.ts';
import type { Snapshot } from '../../lib/domain/application.ts';
import type { Assessment } from '../../lib/domain/assessment.ts';
import { readConfig } from '../../server/config.ts';
import { finishErasures } from '../../server/erasure/finish-erasures.ts';
import type { Connector } from '../../server/jobs/connector.ts';
import { raiseHint } from '../../server/jobs/delivery-hints.ts';
import { runLane } from '../../server/jobs/lane.ts';
import { runEffect } from '../../server/jobs/run-effect.ts';
import type { WorkQueue } from '../../server/jobs/work-queue.ts';
import { SILENT_METER } from '../../server/metrics/meter.ts';
import type { Mail, Mailer } from '../../server/outbound/mailer.ts';
import type { CallResult } from '../../server/outbound/outcome.ts';
import { systemRandom } from '../../server/random.ts';
import type { Services, Transaction } from '../../server/services.ts';
import { ensureApplication } from '../../server/storage/ensure-application.ts';
import { loadCase } from '../../server/storage/load-case.ts';
import { DEFAULT_RULE_SETTINGS } from '../../server/storage/load-policy.ts';
import {
  applications,
  assessments,
  connections,
  decisions,
  deliveries,
  effects,
  inputs,
  invitations,
  policyVersions,
  stageRoles,
} from '../../server/storage/schema.ts';
import { createSealer } from '../../server/storage/seal.ts';
import type { Input } from '../../server/workflow/input.ts';
import type { Policy } from '../../server/workflow/policy.ts';
import { FakeAts, FakeVendor } from './fake-systems.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';
import { BEN, makeAssessment, makeEntry, makeSnapshot, STAGES, START, type StageName } from './workflow-story.ts';

/** Remembers what was sent; a transaction that is rolled back takes its jobs with it, as the real one does. */
class RecordingQueue implements WorkQueue {
  lanes: string[] = [];
  effects: { id: string; startAfter: Date | undefined; urgent: boolean }[] = [];
  async sendLane(_tx: Transaction, key: string): Promise<void> {
    this.lanes.push(key);
  }
  async sendEffect(_tx: Transaction, id: string, startAfter?: Date, urgent = false): Promise<void> {
    this.effects.push({ id, startAfter, urgent });
  }
}

/**
 * The pipeline's inner rooms on a real database: lanes, effects, relay and timers, each called by the test, with an ATS and a vendor in
 * memory and a clock that the test moves. Nothing happens by itself.
 */
export class Pipeline {
  readonly database: TestDatabase;
  readonly services: Services;
  readonly pool: Pool;
  readonly queue = new RecordingQueue();
  readonly ats = new FakeAts();
  vendor = new FakeVendor();
  readonly mails: Mail[] = [];
  readonly mailer: { answer: CallResult<void>; value: CallResult<Mailer> };
  readonly atsConnectionId = randomUUID();
  readonly vendorConnectionId = randomUUID();
  readonly endpointId = randomUUID();
  readonly assessment: Assessment;
  readonly announced: string[] = [];
  log: Record<string, unknown>[] = [];
  atsAnswer: Awaited<ReturnType<Connector['ats']>> | null = null;
  vendorAnswer: Awaited<ReturnType<Connector['vendor']>> | null = null;
  /** Called when the vendor's adapter is asked for: in a lane that is after it decided, before it commits. */
  onVendor: () => void | Promise<void> = () => undefined;
  /** This process ends: nobody is given leave for a call any more. */
  hasStopped = false;
  moveTarget: Policy['moveTarget'] = { stageId: 'onsite', name: 'Onsite' };
  private nowMs = START.getTime();
  private deliveryCount = 0;

  private constructor(database: TestDatabase) {
    this.database = database;
    this.pool = new Pool({ ...database.address, max: 8 });
    // Dropping the database cuts what is just being closed.
    this.pool.on('error', () => undefined);
    this.assessment = makeAssessment({ id: randomUUID(), vendorConnectionId: this.vendorConnectionId });
    this.services = {
      config: readConfig({ COMPANY: 'Analytical Engines' }),
      clock: { now: () => new Date(this.nowMs) },
      random: systemRandom,
      log: pino({ level: 'debug' }, { write: (line: string) => void this.log.push(JSON.parse(line)) }),
      db: database.db,
      sealer: createSealer(randomBytes(32)),
      meter: SILENT_METER,
    };
    const answer: CallResult<void> = { ok: true, value: undefined };
    const mailer = {
      answer,
      value: {
        ok: true as const,
        value: {
          send: async (mail: Mail) => {
            this.mails.push(mail);
            return mailer.answer;
          },
        },
      },
    };
    this.mailer = mailer;
  }

  static async create(): Promise<Pipeline> {
    const pipeline = new Pipeline(await createTestDatabase());
    await pipeline.seed();
    return pipeline;
  }

  async drop(): Promise<void> {
    await this.pool.end();
    await this.database.drop();
  }

  get db(): Services['db'] {
    return this.services.db;
  }

  get now(): Date {
    return new Date(this.nowMs);
  }

  pass(seconds: number): void {
    this.nowMs += seconds * 1000;
  }

  get parts() {
    const connector: Connector = {
      ats: async () => this.atsAnswer ?? { ok: true, value: this.ats.adapter },
      vendor: async () => {
        await this.onVendor();
        return this.vendorAnswer ?? { ok: true, value: this.vendor.adapter };
      },
    };
    return {
      services: this.services,
      connector,
      queue: this.queue,
      pool: this.pool,
      mailer: async () => this.mailer.value,
      governor: { hasStopped: () => this.hasStopped },
      announce: async (_tx: Transaction, { key }: { key: string }) => void this.announced.push(key),
      findMoveTarget: async () => this.moveTarget,
      findNextStage: async () => 'unknown' as const,
    };
  }

  /** An application in the ATS and in our store; nobody has looked at it yet. */
  async apply(changes: Partial<Snapshot> = {}): Promise<string> {
    const applicationId = changes.applicationId ?? randomUUID();
    this.ats.applications.set(
      applicationId,
      makeSnapshot({ emails: [`${applicationId}@mail.example`], ...changes, applicationId }),
    );
    return await ensureApplication(this.db, this.services, { connectionId: this.atsConnectionId, applicationId });
  }

  async change(key: string, change: (snapshot: Snapshot) => Snapshot): Promise<void> {
    const { applicationId } = (await this.row(key)) ?? { applicationId: '' };
    const snapshot = this.ats.applications.get(applicationId);
    if (!snapshot) throw new Error('no such application in the ATS');
    this.ats.applications.set(applicationId, change(snapshot));
  }

  /** The candidate enters a stage in the ATS; nobody has told us. */
  enter(key: string, stage: StageName): Promise<void> {
    return this.change(key, (snapshot) => ({
      ...snapshot,
      stage: { id: stage, name: STAGES[stage] },
      stageEntries: [...snapshot.stageEntries, makeEntry(stage, this.now)],
    }));
  }

  async hint(...keys: string[]): Promise<void> {
    await this.db.transaction((tx) => raiseHint(tx, keys));
  }

  async put(key: string, input: Input, inputKey: string = randomUUID()): Promise<void> {
    await this.db
      .insert(inputs)
      .values({ applicationKey: key, key: inputKey, input: { ...input }, createdAt: this.now })
      .onConflictDoNothing();
  }

  click(key: string, changes: Partial<Extract<Input, { kind: 'send' }>> = {}): Promise<void> {
    const actionId = randomUUID();
    const given = { email: null, options: {}, retake: false, clickedAt: this.now.toISOString() };
    return this.put(key, { kind: 'send', actionId, by: BEN, assessmentId: this.assessment.id, ...given, ...changes });
  }

  lane(key: string): Promise<'done' | 'busy'> {
    return runLane(this.parts, key);
  }

  async look(key: string): Promise<void> {
    await this.hint(key);
    await this.lane(key);
  }

  /** Runs all effects that wait and the lanes that follow from them, until nothing does. Those that wait for a time stay. */
  async settle(): Promise<void> {
    for (let round = 0; round < 20; round += 1) {
      const due = (await this.effectRows()).filter(
        (row) => (row.state === 'queued' || row.state === 'calling') && (!row.runAfter || row.runAfter <= this.now),
      );
      for (const { id } of due) await this.run(id);
      for (const { key } of await this.db.select({ key: applications.key }).from(applications)) await this.lane(key);
      if (due.length === 0) return;
    }
    throw new Error('effects follow effects without end');
  }

  /** Erases whom it was asked for; answers how many erasures were finished. */
  erase(): Promise<number> {
    return finishErasures({ ...this.parts, forgetJobs: async () => 0 });
  }

  run(effectId: string): Promise<'done' | 'busy' | 'later'> {
    return runEffect(this.parts, effectId);
  }

  /** A candidate who entered the assessment stage with its tag, and whose invitation is on its way to the vendor. */
  async sending(changes: Partial<Snapshot> = {}): Promise<{ key: string; effectId: string; invitationId: string }> {
    const key = await this.apply(changes);
    await this.enter(key, 'test');
    await this.look(key);
    const effect = (await this.effectRows(key)).find((row) => row.kind === 'send-invitation');
    if (!effect?.invitationId) throw new Error('nothing is on its way');
    return { key, effectId: effect.id, invitationId: effect.invitationId };
  }

  /** The same, arrived. */
  async sent(changes: Partial<Snapshot> = {}): Promise<{ key: string; invitationId: string }> {
    const { key, invitationId } = await this.sending(changes);
    await this.settle();
    return { key, invitationId };
  }

  async row(key: string) {
    const [row] = await this.db.select().from(applications).where(eq(applications.key, key));
    return row;
  }

  async invitationsOf(key: string) {
    return (await loadCase(this.db, key))?.state.invitations ?? [];
  }

  async codes(key: string): Promise<string[]> {
    const rows = await this.db.select().from(decisions).where(eq(decisions.applicationKey, key)).orderBy(decisions.id);
    return rows.flatMap((row) => row.reasons.map((reason) => reason.code));
  }

  async waitingInputs(key: string) {
    return (await loadCase(this.db, key))?.inputs ?? [];
  }

  async effectRows(key?: string) {
    return await this.db
      .select()
      .from(effects)
      .where(key === undefined ? undefined : eq(effects.applicationKey, key))
      .orderBy(effects.createdAt, effects.id);
  }

  async effectRow(id: string) {
    const [row] = await this.db.select().from(effects).where(eq(effects.id, id));
    if (!row) throw new Error('no such effect');
    return row;
  }

  /** A stored webhook of the ATS, or of the vendor. */
  async deliver(hints: Record<string, unknown>[], side: 'ats' | 'vendor' = 'ats'): Promise<number> {
    this.deliveryCount += 1;
    const [row] = await this.db
      .insert(deliveries)
      .values({
        endpointId: this.endpointId,
        connectionId: side === 'ats' ? this.atsConnectionId : this.vendorConnectionId,
        deliveryKey: String(this.deliveryCount),
        event: 'candidateStageChange',
        receivedAt: this.now,
        hints,
      })
      .returning({ id: deliveries.id });
    return row?.id ?? 0;
  }

  async setRules(rules: Partial<RulesView>): Promise<void> {
    await this.db.insert(policyVersions).values({ rules: { ...DEFAULT_RULE_SETTINGS, ...rules }, changedAt: this.now });
  }

  async switchConnection(id: string, enabled: boolean): Promise<void> {
    await this.db.update(connections).set({ enabled }).where(eq(connections.id, id));
  }

  async undo(invitationId: string): Promise<boolean> {
    const undone = await this.db
      .update(invitations)
      .set({ state: 'undone', dueAt: null, version: 99 })
      .where(and(eq(invitations.id, invitationId), eq(invitations.state, 'held')))
      .returning();
    return undone.length === 1;
  }

  private async seed(): Promise<void> {
    const common = {
      enabled: true,
      secrets: {},
      automaticSince: new Date('2026-01-01T00:00:00Z'),
      createdAt: this.now,
      updatedAt: this.now,
    };
    await this.db.insert(connections).values([
      {
        ...common,
        id: this.atsConnectionId,
        kind: 'lever',
        side: 'ats',
        name: 'Lever',
        settings: leverSettingsSchema.parse({ kind: 'lever' }),
      },
      {
        ...common,
        id: this.vendorConnectionId,
        kind: 'coderbyte',
        side: 'vendor',
        name: 'Coderbyte',
        settings: coderbyteSettingsSchema.parse({ kind: 'coderbyte' }),
      },
    ]);
    const { vendor: _vendor, archived: _archived, ...row } = this.assessment;
    await this.db.insert(assessments).values({ ...row, createdAt: this.now });
    for (const role of ['test', 'onsite', 'offer'] as const) {
      await this.db.insert(stageRoles).values({
        id: randomUUID(),
        connectionId: this.atsConnectionId,
        stageId: role,
        stageName: null,
        role: role === 'test' ? 'assessment' : role,
      });
    }
  }
}

/** A pipeline on a fresh database for each test of a file. */
export function usePipeline(): { current: () => Pipeline } {
  let pipeline: Pipeline | undefined;
  beforeEach(async () => {
    pipeline = await Pipeline.create();
  });
  afterEach(() => pipeline?.drop());
  return {
    current: () => {
      if (!pipeline) throw new Error('not started');
      return pipeline;
    },
  };
}
