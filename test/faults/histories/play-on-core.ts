import { createHash } from 'node:crypto';
import { isOpen } from '../../../lib/domain/invitation.ts';
import { reasonWords } from '../../../server/http/reason-words.ts';
import type { Effect } from '../../../server/workflow/effect.ts';
import type { Decision, WorkflowEvent } from '../../../server/workflow/event.ts';
import { nameOf } from '../../../server/workflow/prepare-invitation.ts';
import { isOnVisit } from '../../../server/workflow/visit.ts';
import { BEN, Story } from '../../support/workflow-story.ts';
import { judgeHistory, type Told, type ToldApplication, type ToldEffect } from '../model.ts';
import { createSeededRandom, type SeededRandom } from '../seeded-random.ts';

export interface CoreTally {
  played: number;
  events: number;
  different: number;
  invited: number;
  effects: number;
  lines: string[];
}

/**
 * Random histories on the pure decisions alone: no store, no calls, and so some thousand a second. What the store and the runners of effects
 * see to in the pipeline (one effect per key, nothing sent that is not wanted any more) stands here in a line each; the rest is decided.
 */
export function playOnCore({ seed, histories, budgetMs }: { seed: number; histories: number; budgetMs: number }): CoreTally {
  const tally: CoreTally = { played: 0, events: 0, different: 0, invited: 0, effects: 0, lines: [] };
  const until = performance.now() + budgetMs;
  for (; tally.played < histories && performance.now() < until; tally.played += 1) {
    const history = playOne(createSeededRandom(seed + tally.played));
    const told = history.told();
    const wrong = judgeHistory(told);
    tally.events += told.applications.reduce((sum, { decisions }) => sum + decisions.length, 0);
    tally.invited += told.went.length;
    tally.effects += told.effects.length;
    if (wrong.length === 0) continue;
    tally.different += 1;
    if (tally.different <= 3)
      tally.lines.push(`seed ${seed + tally.played}`, ...wrong.slice(0, 4), ...history.acts.map((act) => `  ${act}`));
  }
  return tally;
}

const STAGES = ['review', 'test', 'test', 'test', 'live', 'onsite', 'offer'] as const;
/** As the model calls them. */
const STAGE_NAMES: Record<string, string> = {
  review: 'screen',
  test: 'assessment',
  live: 'assessment',
  onsite: 'onsite',
  offer: 'offer',
};
const ACTS = 24;

function playOne(random: SeededRandom): History {
  const history = new History(random);
  for (let act = 0; act < ACTS; act += 1) history.act();
  history.rest();
  return history;
}

class History {
  readonly acts: string[] = [];
  private readonly random: SeededRandom;
  private readonly went: Told['went'] = [];
  private readonly severalOpen: string[] = [];
  private readonly applications: Application[];

  constructor(random: SeededRandom) {
    this.random = random;
    const rules = { sendOnStageEntry: true, cancelOnLeaving: random.chance(0.8), advanceOnPass: random.chance(0.5) };
    const on = random.chance(0.3);
    const writeBack = { status: on, score: on, reportFile: on, reportLink: on, feedback: on };
    const automaticHoldSeconds = random.pick([0, 10]);
    this.applications = Array.from({ length: random.chance(0.3) ? 2 : 1 }, (_, number) => {
      const name = `app${number}`;
      return new Application(name, { policy: { rules, writeBack, automaticHoldSeconds }, world: { applicationId: name } });
    });
    for (const one of this.applications) {
      one.others = () => this.applications.filter((other) => other !== one);
      one.onTaken = () => this.noteSeveralOpen();
      one.stand();
    }
  }

  act(): void {
    const { random } = this;
    this.pass(random.pick([1, 1, 1, 5, 11, 31, 62, 301, 3700, 90_000]));
    const one = random.pick(this.applications);
    const kind = random.int(1, 100);
    const isActive = one.world.status === 'active';
    if (kind <= 22) {
      const stage = random.pick(STAGES);
      if (isActive && one.world.stage?.id !== stage) this.did(one, `enters ${stage}`, () => one.enter(stage));
    } else if (kind <= 27) {
      if (isActive) this.did(one, 'ends', () => one.end(random.pick(['archived', 'hired'] as const), 'withdrew'));
    } else if (kind <= 31) {
      if (!isActive) this.did(one, 'is back', () => one.reopen());
    } else if (kind <= 35) this.did(one, 'tags', () => (random.chance(0.5) ? one.tag() : one.tag('Senior SWE')));
    else if (kind <= 55) this.did(one, 'is looked at', () => one.look());
    else if (kind <= 57) this.did(one, 'cannot be seen', () => one.lookInVain());
    else if (kind <= 70) this.click(one);
    else if (kind <= 82) this.vendorTells(one);
    else this.runEffects(one, random.int(1, 2));
    for (const other of this.applications) other.stand();
  }

  /** Calm, until nothing is left to do. */
  rest(): void {
    for (const seconds of [62, 301, 62, 301, 62, 62]) {
      this.pass(seconds);
      for (const one of this.applications) {
        one.look();
        while (one.pending.length > 0) this.runEffect(one, 'done');
        one.look();
        one.stand();
      }
    }
  }

  told(): Told {
    const { applications, went, severalOpen } = this;
    return {
      applications: applications.map((one) => one.told()),
      invitations: applications.flatMap(({ state }) =>
        state.invitations.map((row) => ({ ...row, assessment: row.assessmentExternalId, isOpen: isOpen(row.state) })),
      ),
      effects: applications.flatMap(({ asked }) => [...asked.values()]),
      ...{ went, severalOpen },
      writes: [],
      deliveries: [],
    };
  }

  private pass(seconds: number): void {
    for (const one of this.applications) one.pass(seconds);
    this.acts.push(`+${seconds} s`);
  }

  private did(one: Application, what: string, run: () => unknown): void {
    this.acts.push(`${one.name} ${what}`);
    run();
  }

  private noteSeveralOpen(): void {
    const open = this.applications.flatMap(({ state }) =>
      state.invitations
        .filter((one) => isOpen(one.state))
        .map((one) => `${one.vendorConnectionId} ${one.assessmentExternalId} ${one.person}`),
    );
    this.severalOpen.push(...open.filter((whom, index) => open.indexOf(whom) !== index));
  }

  private click(one: Application): void {
    const { random } = this;
    one.look();
    const newest = one.state.invitations.at(-1);
    const what = random.pick([
      'send',
      'send',
      'retake',
      'undo',
      'take back',
      'cancel',
      'again',
      'mark sent',
      'resend',
      'extend',
      'correct',
    ] as const);
    this.did(one, `click ${what}`, () => undefined);
    const actionId = `${this.acts.length}`;
    if (what === 'send' || what === 'retake') {
      one.click({ actionId, invitationId: `${one.name}-click-${actionId}`, retake: what === 'retake' });
      return;
    }
    if (!newest) return;
    const on = { invitationId: newest.id, by: BEN };
    const at = one.now.toISOString();
    if (what === 'undo' && newest.state === 'held') one.happen({ type: 'invitation.undone', ...on });
    if (what === 'take back') {
      const fate = { kind: 'invitation' as const, invitationId: newest.id, undid: false };
      one.happen({ type: 'invitation.taken-back', actionId, by: BEN, fate });
    }
    if (what === 'cancel') one.happen({ type: 'cancel.requested', ...on });
    if (what === 'again' && newest.state === 'failed') one.happen({ type: 'retry.requested', ...on });
    if (what === 'mark sent' && newest.state === 'unconfirmed') one.happen({ type: 'sending.confirmed', ...on, at });
    if (what === 'resend') one.happen({ type: 'resend.requested', actionId, ...on });
    if (what === 'extend')
      one.happen({ type: 'extension.requested', actionId, ...on, expiresAt: new Date(one.now.getTime() + 9e8).toISOString() });
    if (what === 'correct') one.happen({ type: 'correction.requested', actionId, ...on, email: 'other@mail.example' });
  }

  /** Of an invitation that went out, early or late, once or again. */
  private vendorTells(one: Application): void {
    const { random } = this;
    const out = one.state.invitations.filter(({ id }) =>
      this.went.some(({ effectId }) => one.asked.get(effectId ?? '')?.invitationId === id),
    );
    if (out.length === 0) return;
    const { id } = random.pick(out);
    const times = random.pick([1, 1, 2]);
    const what = random.pick(['started', 'submitted', 'expired', 'result', 'result'] as const);
    const value = random.pick([91, 12]);
    const verified = random.chance(0.8);
    this.did(one, `${what} ${times} times`, () => undefined);
    for (let time = 0; time < times; time += 1) {
      if (what === 'result') one.result({ score: { value, max: 100 }, verified }, id);
      else one.report(what, verified, id);
    }
  }

  private runEffects(one: Application, count: number): void {
    for (let run = 0; run < count && one.pending.length > 0; run += 1)
      this.runEffect(one, this.random.pick(['done', 'done', 'done', 'failed', 'unconfirmed', 'unconfirmed and done'] as const));
  }

  /** What comes of the oldest effect that waits. */
  private runEffect(one: Application, outcome: 'done' | 'failed' | 'unconfirmed' | 'unconfirmed and done'): void {
    const effect = one.pending.shift();
    const told = effect && one.asked.get(effect.key);
    if (!effect || !told) return;
    this.acts.push(`${one.name} ${effect.kind} ${outcome}`);
    const isSend = effect.kind === 'send-invitation';
    const invitation = one.state.invitations.find(({ id }) => id === told.invitationId);
    // As the runner of effects does before it sends.
    const isWanted = !isSend || (invitation?.state === 'sending' && one.knows?.status === 'active');
    const really = isWanted ? outcome : 'failed';
    if (really === 'done' || really === 'unconfirmed and done') {
      const name = isSend ? 'invitation' : effect.kind;
      told.carriedOut[name] = (told.carriedOut[name] ?? 0) + 1;
      if (isSend) this.went.push({ effectId: effect.key, atMs: one.now.getTime() });
      one.carryOut(effect);
    }
    told.state = really === 'unconfirmed and done' ? 'unconfirmed' : really;
    told.hasReport = true;
    one.hear(effect, told.state as 'done' | 'failed' | 'unconfirmed');
  }
}

/** One application's life, as in the tests of the decisions, with what waits to be done outside. */
class Application extends Story {
  readonly name: string;
  readonly asked = new Map<string, ToldEffect>();
  readonly pending: Effect[] = [];
  knows: Story['world'] | null = null;
  others: () => readonly Application[] = () => [];
  onTaken: () => void = () => undefined;
  private readonly stood: ToldApplication['stood'] = [];
  private readonly commits: ToldApplication['commits'] = [];
  private readonly notes: string[] = [];

  constructor(name: string, given: ConstructorParameters<typeof Story>[0]) {
    super(given);
    this.name = name;
  }

  override look(): Decision[] {
    const decided = super.look();
    this.knows = this.world;
    const { stageEntries, status } = this.world;
    const nowMs = this.now.getTime();
    this.commits.push({ snapshotAtMs: nowMs, crossings: stageEntries.length, active: status === 'active', atMs: nowMs });
    return decided;
  }

  override take(event: WorkflowEvent): Decision {
    const elsewhere = this.others().flatMap(({ state }) =>
      state.invitations.map((one) => ({ ...one, invitationId: one.id, byName: nameOf(one.raisedBy), jobName: 'another' })),
    );
    this.state = { ...this.state, elsewhere };
    const before = this.effects.length;
    const decision = super.take({ ...event, freshId: `${this.name}-${event.freshId}` });
    for (const effect of this.effects.slice(before)) this.ask(effect, event);
    this.onTaken();
    return decision;
  }

  /** Notes where the candidate stands now. */
  stand(): void {
    const { stage, status } = this.world;
    const now = { stage: STAGE_NAMES[stage?.id ?? ''] ?? null, active: status === 'active', deleted: false };
    const last = this.stood.at(-1);
    if (last?.stage !== now.stage || last.active !== now.active) this.stood.push({ atMs: this.now.getTime(), ...now });
  }

  /** In the ATS. */
  carryOut(effect: Effect): void {
    if (effect.kind === 'write-note') this.notes.push(`TA-${createHash('sha256').update(effect.key).digest('hex').slice(0, 12)}`);
    if (effect.kind === 'add-tag') this.tag(...this.world.tags.map(({ text }) => text), effect.tag);
    if (effect.kind !== 'move-to-stage' || this.world.status !== 'active') return;
    if (!isOnVisit(this.world, { stageId: effect.fromStageId, entryKey: effect.fromEntryKey ?? null })) return;
    const at = this.now.toISOString();
    this.ownMoves.push({ toStageId: effect.toStageId, startedAt: at, endedAt: at });
    this.enter(effect.toStageId as 'onsite');
    this.stand();
  }

  /** What came of it, as the event that follows. */
  hear(effect: Effect, state: 'done' | 'failed' | 'unconfirmed'): void {
    const at = this.now.toISOString();
    const trouble = { code: 'trouble', values: { detail: 'it rained' } };
    const unconfirmed = state === 'unconfirmed';
    const { invitationId } = effect as { invitationId: string };
    switch (effect.kind) {
      case 'send-invitation':
        if (state === 'done') this.confirmSent(invitationId);
        else this.happen({ type: unconfirmed ? 'invitation.unconfirmed' : 'invitation.failed', invitationId, trouble });
        return;
      case 'cancel-invitation':
        if (state === 'done') this.happen({ type: 'invitation.cancelled', invitationId, at });
        else this.happen({ type: 'cancel.failed', invitationId, unconfirmed, trouble });
        return;
      case 'resend-invitation':
      case 'extend-invitation':
      case 'give-extra-time':
      case 'remind-candidate': {
        const expiresAt = effect.kind === 'extend-invitation' ? effect.expiresAt : null;
        if (state === 'done')
          this.happen({ type: 'follow-up.done', effect: effect.kind, invitationId, at, expiresAt, values: {} });
        else this.happen({ type: 'follow-up.failed', effect: effect.kind, invitationId, unconfirmed, values: {} });
        return;
      }
      default: {
        const about = { effect: effect.kind, effectKey: effect.key, values: {} };
        if (state === 'done') this.happen({ type: 'effect.done', ...about });
        else this.happen({ type: 'effect.failed', ...about, unconfirmed });
      }
    }
  }

  told(): ToldApplication {
    const { stood, world, state, knows, commits, notes } = this;
    return {
      ...{ key: this.name, stood, erasedAtMs: null, hintsLeft: 0, inputs: [], commits, notes },
      crossings: world.stageEntries.map(({ key }) => key),
      decided: [...state.decidedEntries],
      known: knows && {
        stageName: STAGE_NAMES[knows.stage?.id ?? ''] ?? null,
        active: knows.status === 'active',
        vanished: state.vanished,
      },
      decisions: this.decisions.map(({ event, reasons }) => ({ event, sentences: reasons.map(reasonWords) })),
    };
  }

  private ask(effect: Effect, event: WorkflowEvent): void {
    this.pending.push(effect);
    if (this.asked.has(effect.key)) return;
    const invitationId = 'invitationId' in effect ? effect.invitationId : null;
    this.asked.set(effect.key, {
      ...{ id: effect.key, kind: effect.kind, state: 'queued', invitationId, applicationKey: this.name },
      createdAtMs: this.now.getTime(),
      byRule: this.state.invitations.find(({ id }) => id === invitationId)?.raisedBy.kind === 'rule',
      decidedOn: event.type,
      carriedOut: {},
      hasReport: false,
      saysNothingToDo: false,
      toStage: effect.kind === 'move-to-stage' ? (STAGE_NAMES[effect.toStageId] ?? null) : null,
      error: null,
    });
  }
}
