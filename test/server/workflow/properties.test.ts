import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Snapshot } from '../../../lib/domain/application.ts';
import type { Assessment } from '../../../lib/domain/assessment.ts';
import { isOpen } from '../../../lib/domain/invitation.ts';
import { reasonWords } from '../../../server/http/reason-words.ts';
import { decide } from '../../../server/workflow/decide.ts';
import type { Effect, FollowUpEffect } from '../../../server/workflow/effect.ts';
import type { Decision, WorkflowEvent } from '../../../server/workflow/event.ts';
import { nameOf } from '../../../server/workflow/prepare-invitation.ts';
import type { ApplicationState, InvitationElsewhere } from '../../../server/workflow/state.ts';
import { BEN, DATA, makeAssessment, Story } from '../../support/workflow-story.ts';

/** A story that keeps each snapshot the ATS ever gave, so that old ones can come again, and each event with what was decided. */
class WatchedStory extends Story {
  readonly snapshots: Snapshot[] = [];
  readonly log: { before: ApplicationState; event: WorkflowEvent; decision: Decision; sends: number }[] = [];

  override take(event: WorkflowEvent): Decision {
    const before = this.state;
    const effectsBefore = this.effects.length;
    const again = decide(before, event, this.policy, this.now);
    const decision = super.take(event);
    // Determinism: the same question has the same answer.
    expect(again).toEqual({ state: this.state, effects: this.effects.slice(effectsBefore), decision });
    const sends = this.effects.slice(effectsBefore).filter((effect) => effect.kind === 'send-invitation').length;
    this.log.push({ before, event, decision, sends });
    return decision;
  }

  seeFreshly(): void {
    this.snapshots.push(this.world);
    this.look();
  }
}

type Act = { name: string; run: (story: WatchedStory) => void };
const act = (name: string, run: Act['run']): Act => ({ name, run });
const pick = <T>(list: readonly T[], at: number): T | undefined => list[at % Math.max(1, list.length)];

const nat = fc.nat(20);
const acts = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .constantFrom('review', 'test', 'live', 'onsite', 'offer')
      .map((stage) => act(`enter ${stage}`, (s) => void s.enter(stage as 'test'))),
  },
  { weight: 9, arbitrary: fc.constant(act('look', (s) => s.seeFreshly())) },
  { weight: 3, arbitrary: nat.map((at) => act(`an old snapshot ${at}`, (s) => void s.look(pick(s.snapshots, at) ?? s.world))) },
  { weight: 1, arbitrary: fc.constant(act('look in vain', (s) => void s.lookInVain())) },
  {
    weight: 6,
    arbitrary: fc
      .constantFrom(1, 10, 30, 300, 90_000, 700_000)
      .map((seconds) => act(`${seconds} s pass`, (s) => void s.pass(seconds))),
  },
  {
    weight: 2,
    arbitrary: fc
      .subarray(['Senior SWE', 'Data take-home', 'other'])
      .map((tags) => act(`tags ${tags}`, (s) => void s.tag(...tags))),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('archived' as const, 'hired' as const)
      .map((status) => act(status, (s) => void s.end(status, 'withdrew'))),
  },
  { weight: 1, arbitrary: fc.constant(act('reopen', (s) => void s.reopen())) },
  {
    weight: 4,
    arbitrary: fc
      .record({
        assessmentId: fc.constantFrom(makeAssessment().id, DATA.id),
        retake: fc.boolean(),
        email: fc.constantFrom(null, 'ada@mail.example', 'x@y.example'),
      })
      .map((wish) => act(`click ${JSON.stringify(wish)}`, (s) => void s.click(wish))),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(nat, fc.constantFrom('invitation.undone', 'cancel.requested', 'retry.requested', 'sending.confirmed'))
      .map(([at, type]) =>
        act(`${type} ${at}`, (s) => {
          const invitationId = pick(s.state.invitations, at)?.id ?? 'unknown';
          const on = { invitationId, by: BEN, at: s.now.toISOString() };
          // Undo is decided by the row in the store, before the lane hears of it.
          s.happen({ ...on, type } as Parameters<Story['happen']>[0]);
        }),
      ),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(nat, fc.constantFrom('resend.requested', 'extension.requested', 'extra-time.requested', 'correction.requested'), nat)
      .map(([at, type, address]) =>
        act(`${type} ${at}`, (s) => {
          const invitationId = pick(s.state.invitations, at)?.id ?? 'unknown';
          const expiresAt = new Date(s.now.getTime() + 86_400_000).toISOString();
          const on = { invitationId, by: BEN, actionId: `follow-up-${s.log.length}`, expiresAt };
          // Also to an address under which somebody is invited already.
          const email = pick(['ada@mail.example', 'x@y.example', 'right@y.example'], address);
          s.happen({ ...on, email, type } as Parameters<Story['happen']>[0]);
        }),
      ),
  },
  {
    weight: 8,
    arbitrary: fc
      .tuple(nat, fc.constantFrom('done', 'failed', 'unconfirmed'))
      .map(([at, how]) => act(`effect ${at} ${how}`, (s) => finish(s, at, how))),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(nat, fc.constantFrom('sent', 'started', 'submitted', 'scored', 'expired', 'cancelled'), fc.boolean())
      .map(([at, state, verified]) =>
        act(
          `report ${at} ${state}`,
          (s) => void s.report(state as 'sent', verified, pick(s.state.invitations, at)?.id ?? 'unknown'),
        ),
      ),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(nat, fc.nat(100), fc.boolean())
      .map(([at, value, verified]) =>
        act(
          `result ${at} ${value}`,
          (s) => void s.result({ verified, score: { value, max: 100 } }, pick(s.state.invitations, at)?.id ?? 'unknown'),
        ),
      ),
  },
);

/** What came of an effect that was asked for, as its runner would report it. */
function finish(story: WatchedStory, at: number, how: string): void {
  const effect = pick(story.effects, at);
  const trouble = { code: 'invitation-failed', values: { detail: 'no.' } };
  if (!effect) return;
  if (effect.kind === 'send-invitation') {
    if (how === 'done') story.confirmSent(effect.invitationId);
    else
      story.happen({
        type: how === 'failed' ? 'invitation.failed' : 'invitation.unconfirmed',
        invitationId: effect.invitationId,
        trouble,
      });
  } else if (effect.kind === 'cancel-invitation') {
    if (how === 'done')
      story.happen({ type: 'invitation.cancelled', invitationId: effect.invitationId, at: story.now.toISOString() });
    else story.happen({ type: 'cancel.failed', invitationId: effect.invitationId, trouble });
  } else if (isFollowUp(effect)) {
    const told = { effect: effect.kind, invitationId: effect.invitationId, values: { detail: 'no.', by: 'Ben' } };
    const expiresAt = effect.kind === 'extend-invitation' ? effect.expiresAt : null;
    if (how === 'done') story.happen({ ...told, type: 'follow-up.done', at: story.now.toISOString(), expiresAt });
    else story.happen({ ...told, type: 'follow-up.failed', unconfirmed: how === 'unconfirmed' });
  } else {
    const told = {
      effect: effect.kind,
      effectKey: effect.key,
      values: { detail: 'no.', stage: 'Onsite', tag: 'Senior SWE', assessment: 'X' },
    };
    if (how === 'done') story.happen({ ...told, type: 'effect.done' });
    else story.happen({ ...told, type: 'effect.failed', unconfirmed: how === 'unconfirmed' });
  }
}

const FOLLOW_UPS: readonly string[] = ['resend-invitation', 'extend-invitation', 'give-extra-time', 'remind-candidate'];
const isFollowUp = (effect: Effect): effect is FollowUpEffect => FOLLOW_UPS.includes(effect.kind);

const policies = fc.record({
  assessments: fc.constant<Assessment[]>([makeAssessment({ remindDays: [1, 3] }), DATA]),
  automaticHoldSeconds: fc.constantFrom(0, 20),
  holdSeconds: fc.constantFrom(0, 10),
  tagRecheckSeconds: fc.constantFrom(0, 30),
  rules: fc.record({ sendOnStageEntry: fc.constant(true), cancelOnLeaving: fc.boolean(), advanceOnPass: fc.boolean() }),
});
const histories = fc.array(acts, { minLength: 1, maxLength: 60 });

function play(
  policy: ConstructorParameters<typeof Story>[0],
  history: readonly Act[],
  check: (story: WatchedStory) => void,
): void {
  const story = new WatchedStory(policy);
  for (const { run } of history) {
    run(story);
    check(story);
  }
}

const always = (check: (story: WatchedStory) => void, runs = 300) =>
  fc.assert(
    fc.property(policies, histories, (policy, history) => play({ policy }, history, check)),
    { numRuns: runs },
  );

test('over any history no effect is asked for twice', () => {
  always(({ effects }) => expect(new Set(effects.map((effect) => effect.key)).size).toBe(effects.length));
});

test('over any history every decision has a reason, and each reason is a sentence', () => {
  always(({ log }) => {
    const last = log.at(-1);
    if (!last) return;
    expect(last.decision.reasons.length).toBeGreaterThan(0);
    for (const reason of last.decision.reasons) expect(reasonWords(reason)).not.toBe('');
  });
});

test('over any history each stage entry is decided once, however its news is repeated, late or out of order', () => {
  always(({ log }) => {
    const entries = log.flatMap(({ event }) => (event.type === 'stage.entered' ? [event.entry.key] : []));
    expect(new Set(entries).size).toBe(entries.length);
  });
});

test('over any history a stage entry leads to one invitation at most', () => {
  always(({ state }) => {
    const byRule = state.invitations
      .filter((invitation) => invitation.raisedBy.kind === 'rule')
      .map((invitation) => invitation.stageEntryKey);
    expect(new Set(byRule).size).toBe(byRule.length);
  });
});

test('over any history one invitation at most is open for a person and an assessment', () => {
  always(({ state }) => expectOneOpen(state.invitations));
});

test('over any history nothing goes out for what is closed, anonymised or not visible', () => {
  always(({ log }) => {
    for (const { event, sends } of log) if (sends > 0) expect(event.snapshot?.status).toBe('active');
  });
});

test('over any history what is known is never taken away', () => {
  always(({ log, state }) => {
    for (const old of log.at(-1)?.before.invitations ?? []) {
      const now = state.invitations.find((invitation) => invitation.id === old.id);
      expect(now).toBeDefined();
      expect(now?.result?.version ?? 0).toBeGreaterThanOrEqual(old.result?.version ?? 0);
    }
  });
});

test('a time that has passed is settled: nothing stays due after a look', () => {
  always((story) => {
    story.seeFreshly();
    expect(story.look()).toEqual([]);
  }, 150);
});

test('over any history of two applications of one person, one invitation at most is open for each assessment', () => {
  const turns = fc.array(fc.tuple(fc.boolean(), acts), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(policies, turns, (policy, history) => {
      const [one, two] = [new WatchedStory({ policy }), new WatchedStory({ policy })];
      for (const [first, { run }] of history) {
        const [story, other] = first ? [one, two] : [two, one];
        story.now = other.now = new Date(Math.max(story.now.getTime(), other.now.getTime()));
        story.state = { ...story.state, elsewhere: elsewhereOf(other) };
        run(story);
        // Within one act several rounds may run; each would read again what the other application has.
        expectOneOpen([...one.state.invitations, ...two.state.invitations.map((invitation) => ({ ...invitation }))]);
      }
    }),
    { numRuns: 200 },
  );
});

function elsewhereOf({ state }: Story): InvitationElsewhere[] {
  return state.invitations.map(
    ({ id, vendorConnectionId, assessmentExternalId, assessmentName, person, attempt, raisedBy, ...rest }) => ({
      invitationId: id,
      vendorConnectionId,
      assessmentExternalId,
      assessmentName,
      person,
      attempt,
      state: rest.state,
      byName: nameOf(raisedBy),
      jobName: null,
    }),
  );
}

function expectOneOpen(invitations: ApplicationState['invitations']): void {
  const open = invitations
    .filter((invitation) => isOpen(invitation.state))
    .map((invitation) => `${invitation.assessmentId} ${invitation.person}`);
  expect(new Set(open).size).toBe(open.length);
}
