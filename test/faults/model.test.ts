import { expect, test } from 'vitest';
import { judgeHistory, type Told, type ToldEffect } from './model.ts';

/** One application with one effect that ended well, as it is told; it came to the stage when it was told to. */
function toldOf(changes: Partial<ToldEffect>, stage = 'assessment'): Told {
  const stood = [
    { atMs: 0, stage: 'assessment', active: true, deleted: false },
    { atMs: 20, stage, active: true, deleted: false },
  ];
  const effect: ToldEffect = {
    ...{ id: 'effect', kind: 'write-note', state: 'done', invitationId: null, applicationKey: 'ada', createdAtMs: 10 },
    ...{ byRule: true, decidedOn: null, carriedOut: {}, hasReport: true, saysNothingToDo: false, toStage: null, error: null },
    ...changes,
  };
  const known = { stageName: stage, active: true, vanished: false };
  const nothing = { crossings: [], decided: [], hintsLeft: 0, inputs: [], decisions: [], commits: [], notes: [] };
  return {
    applications: [{ ...nothing, key: 'ada', stood, erasedAtMs: null, known }],
    effects: [effect],
    ...{ invitations: [], went: [], severalOpen: [], writes: [], deliveries: [] },
  };
}

const KINDS = ['send-invitation', 'write-note', 'attach-report', 'write-feedback', 'remind-candidate', 'resend-invitation'];

test.each([...KINDS, 'move-to-stage'])('%s that is called done is there, or it is wrong', (kind) => {
  const made = { [kind === 'send-invitation' ? 'invitation' : 'POST /somewhere']: 1 };
  expect(judgeHistory(toldOf({ kind, carriedOut: made }))).toEqual([]);
  expect(judgeHistory(toldOf({ kind }))).toEqual([
    `no effect is lost silently: done, or failed or unconfirmed and said so: ${kind} effect is called done and never happened`,
  ]);
});

test('what says itself that there was nothing to do need not be there', () => {
  expect(judgeHistory(toldOf({ kind: 'remind-candidate', saysNothingToDo: true }))).toEqual([]);
});

test('a move that a person was faster with is done, one to another stage is not', () => {
  const move = { kind: 'move-to-stage', toStage: 'onsite' };
  expect(judgeHistory(toldOf(move, 'onsite'))).toEqual([]);
  expect(judgeHistory(toldOf(move, 'offer'))).toHaveLength(1);
});
