import { describe, expect, test } from 'vitest';
import type { ApplicationChange } from '../../../lib/domain/application-change.ts';
import { BEN, codesOf, Story } from '../../support/workflow-story.ts';

const REJECT: ApplicationChange = { kind: 'reject', reasonId: 'underqualified', reasonName: 'Underqualified' };
const ALL: ApplicationChange[] = [
  { kind: 'advance' },
  { kind: 'transfer', jobId: 'job-2', jobName: 'Platform' },
  REJECT,
  { kind: 'unreject' },
  { kind: 'hire', openingId: null, reasonId: null },
];

const ask = (story: Story, change: ApplicationChange, given: { actionId?: string; fromStageId?: string } = {}) =>
  story.happen({
    type: 'change.requested',
    actionId: 'action-1',
    by: BEN,
    change,
    fromStageId: 'test',
    fromStageName: 'Test',
    ...given,
  });
/** Somebody in the assessment stage whom nothing was sent. */
const inTest = (ats: 'lever' | 'greenhouse' = 'lever') => {
  const story = new Story({ world: { ats, tags: [] } }).enter('test');
  story.look();
  return story;
};
const changesIn = (story: Story) => story.effects.filter(({ kind }) => kind === 'change-application');

describe('a recruiter changes the application', () => {
  test('at once, once for each click, and it is said who asked for what', () => {
    const story = inTest('greenhouse');
    const decision = ask(story, REJECT);
    expect(decision).toMatchObject({
      raisedBy: BEN,
      actionId: 'action-1',
      reasons: [{ code: 'reject-requested', values: { by: 'Ben', reason: 'Underqualified' } }],
    });
    expect(changesIn(story)).toMatchObject([{ key: 'change:action-1', change: REJECT, fromStageId: 'test', byName: 'Ben' }]);
    ask(story, REJECT);
    expect(changesIn(story)).toHaveLength(1);
  });

  test('in Lever it is called archiving', () => {
    expect(codesOf([ask(inTest('lever'), REJECT)])).toEqual(['archive-requested']);
  });

  test.each(ALL.filter(({ kind }) => kind !== 'unreject'))(
    '$kind: not where the candidate is in another stage than shown',
    (change) => {
      const story = inTest();
      story.pass(60).enter('onsite').look();
      expect(codesOf([ask(story, change)])).toEqual(['not-changed-elsewhere']);
      expect(changesIn(story)).toEqual([]);
    },
  );

  test.each(ALL.filter(({ kind }) => kind !== 'unreject'))('$kind: not where the application is closed by now', (change) => {
    for (const status of ['archived', 'hired'] as const) {
      const story = inTest().end(status);
      story.look();
      expect(codesOf([ask(story, change)])).toEqual(['not-changed-closed']);
      expect(changesIn(story)).toEqual([]);
    }
  });

  test('whoever is archived is brought back; not who is active, and not who was hired', () => {
    const archived = inTest().end('archived');
    archived.look();
    expect(codesOf([ask(archived, { kind: 'unreject' })])).toEqual(['unreject-requested']);
    expect(codesOf([ask(inTest(), { kind: 'unreject' })])).toEqual(['not-changed-open']);
    const hired = inTest().end('hired');
    hired.look();
    expect(codesOf([ask(hired, { kind: 'unreject' })])).toEqual(['not-changed-hired']);
    expect([...changesIn(hired)]).toEqual([]);
  });

  test('nothing is done to what the ATS does not show', () => {
    const story = inTest();
    story.lookInVain();
    expect(codesOf([ask(story, REJECT)])).toEqual(['not-changed-not-visible']);
    expect(changesIn(story)).toEqual([]);
  });

  test('what failed can be tried again; what is not certain is looked at first', () => {
    const story = inTest('greenhouse');
    ask(story, REJECT);
    const values = { change: 'reject', ats: 'greenhouse', by: 'Ben', stage: 'Test', reason: 'Underqualified', detail: 'no.' };
    const failed = { type: 'effect.failed', effect: 'change-application', effectKey: 'change:action-1', values } as const;
    expect(story.happen({ ...failed, unconfirmed: false }).reasons).toMatchObject([
      { code: 'reject-failed', mend: { kind: 'change-again', change: 'reject' } },
    ]);
    expect(story.happen({ ...failed, unconfirmed: true }).reasons).toMatchObject([
      { code: 'change-unconfirmed', mend: { kind: 'check-again' } },
    ]);
  });

  test('the open invitation is cancelled by the leaving rule alone: after its grace, and not for who is brought back within it', () => {
    for (const isBroughtBack of [false, true]) {
      const story = new Story().enter('test');
      story.look();
      story.confirmSent();
      ask(story, REJECT);
      expect(story.effectKinds).not.toContain('cancel-invitation');
      story.end('archived', 'underqualified');
      expect(codesOf(story.look())).toContain('leaving-grace');
      if (isBroughtBack) {
        story.pass(60);
        ask(story, { kind: 'unreject' }, { actionId: 'action-2' });
        story.reopen().look();
      }
      story.pass(301).look();
      expect(story.effectKinds.includes('cancel-invitation')).toBe(!isBroughtBack);
    }
  });
});

test('no rule changes an application by itself, whatever comes in', () => {
  const story = new Story({ policy: { rules: { sendOnStageEntry: true, cancelOnLeaving: true, advanceOnPass: true } } }).enter(
    'test',
  );
  story.look();
  story.confirmSent();
  story.result({ score: { value: 1, max: 100 }, integrity: { status: 'flagged', signals: ['copied'] } });
  story.pass(100_000).look();
  expect(changesIn(story)).toEqual([]);
});
