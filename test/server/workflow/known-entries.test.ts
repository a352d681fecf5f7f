import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stageEntryKey } from '../../../lib/domain/application.ts';
import { stageIdOfKey, underKnownKeys } from '../../../server/workflow/known-entries.ts';
import { toKeptState } from '../../../server/workflow/state.ts';
import { codesOf, makeEntry, makeSnapshot, START, type StageName, Story } from '../../support/workflow-story.ts';

const at = (seconds: number) => new Date(START.getTime() + seconds * 1000);
const entries = (...told: [StageName, number][]) =>
  makeSnapshot({ stageEntries: told.map(([stage, seconds]) => makeEntry(stage, at(seconds))) });
const keys = (...told: [StageName, number][]) => told.map(([stage, seconds]) => stageEntryKey(stage, at(seconds)));
/** Decided by a time that the ATS told. */
const told = (decidedEntries: string[]) => ({ decidedEntries, derivedEntries: [] });
/** Decided by a time that was derived. */
const derived = (decidedEntries: string[]) => ({ decidedEntries, derivedEntries: decidedEntries });
const keysOf = (snapshot: ReturnType<typeof entries>) => snapshot.stageEntries.map(({ key }) => key);

describe('a crossing that the ATS tells anew, at another time', () => {
  test('keeps the key under which it was decided', () => {
    expect(keysOf(underKnownKeys(entries(['test', 4]), derived(keys(['test', 0]))))).toEqual(keys(['test', 0]));
    expect(keysOf(underKnownKeys(entries(['test', -4], ['onsite', 60]), derived(keys(['test', 0]))))).toEqual(
      keys(['test', 0], ['onsite', 60]),
    );
  });

  test('keeps it too where the second time is the derived one', () => {
    const snapshot = makeSnapshot({ stageEntries: [{ ...makeEntry('test', at(4)), derived: true }] });
    expect(keysOf(underKnownKeys(snapshot, told(keys(['test', 0]))))).toEqual(keys(['test', 0]));
  });

  test('is another one where the ATS told both times itself: it keeps one row for each stage, and we saw nothing of what lay between', () => {
    const snapshot = entries(['test', 4], ['review', 6]);
    expect(keysOf(underKnownKeys(snapshot, told(keys(['test', 0]))))).toEqual(keysOf(snapshot));
  });

  test('is known for as long as the candidate is: the derived time is kept with our record', () => {
    const stage = { id: 'test', name: 'Test' };
    const first = makeSnapshot({ stage, stageEntries: [{ ...makeEntry('test', at(0)), derived: true }] });
    const story = new Story();
    story.look(first);
    const kept = { decidedEntries: story.state.decidedEntries, derivedEntries: toKeptState(story.state).derivedEntries ?? [] };
    expect(keysOf(underKnownKeys(entries(['test', 4]), kept))).toEqual(keys(['test', 0]));
  });

  test.each<[string, ReturnType<typeof entries>, string[]]>([
    ['the earlier one is still told: both happened', entries(['test', 0], ['test', 4]), keys(['test', 0])],
    ['somebody was elsewhere between', entries(['review', 2], ['test', 4]), keys(['test', 0])],
    ['we know that somebody was elsewhere between', entries(['test', 4]), keys(['test', 0], ['review', 2])],
    ['another stage', entries(['live', 4]), keys(['test', 0])],
    ['much later', entries(['test', 700]), keys(['test', 0])],
  ])('is another one where %s', (_why, snapshot, decided) => {
    expect(keysOf(underKnownKeys(snapshot, derived(decided)))).toEqual(keysOf(snapshot));
  });

  test('is the same for every second reading, whatever was decided', () => {
    const history = fc.array(fc.tuple(fc.constantFrom<StageName>('test', 'live', 'review'), fc.integer({ min: 0, max: 3000 })));
    fc.assert(
      fc.property(history, history, (first, second) => {
        const decided = keys(...first);
        const once = underKnownKeys(entries(...second), derived(decided));
        expect(underKnownKeys(once, { decidedEntries: [...decided, ...keysOf(once)], derivedEntries: decided })).toEqual(once);
      }),
    );
  });
});

test('the stage of an entry, whatever its id looks like', () => {
  expect(stageIdOfKey(stageEntryKey('offer@acme', START))).toBe('offer@acme');
});

describe('somebody stands in the assessment stage, and the ATS does not tell since when', () => {
  const undated = () => new Story({ world: { stage: { id: 'test', name: 'Test' }, stageEntries: [] } });

  test('nothing is sent by itself; why is said once, with a button', () => {
    const story = undated();
    const [decision] = story.look();
    expect(decision?.reasons).toMatchObject([
      { code: 'not-sent-undated', values: { stage: 'Test' }, mend: { kind: 'send-now' } },
    ]);
    expect(story.look()).toEqual([]);
    expect(codesOf([story.click()])).toEqual(['send-requested']);
  });

  test('and again when they come there once more', () => {
    const story = undated();
    story.look();
    const stays = story.world;
    story.enter('review').look();
    expect(codesOf(story.look(stays))).toEqual(['not-sent-undated']);
  });

  test.each([
    ['in a stage without assessments', { stage: { id: 'review', name: 'Review' } }],
    ['archived', { status: 'archived' as const }],
  ])('but not of those %s', (_who, world) => {
    const story = new Story({ world: { stage: { id: 'test', name: 'Test' }, stageEntries: [], ...world } });
    expect(codesOf(story.look())).not.toContain('not-sent-undated');
  });
});

describe('our clock is wrong by minutes', () => {
  const move = { toStageId: 'onsite', startedAt: at(0).toISOString(), endedAt: at(1).toISOString() };

  test.each([-300, 300])('the echo of our own move is still known, %i seconds off', (seconds) => {
    const story = new Story().enter('review');
    story.look();
    story.ownMoves = [move];
    story
      .pass(seconds)
      .enter('onsite')
      .pass(-seconds + 5);
    expect(codesOf(story.look())).toContain('own-move-echo');
  });

  test('an entry that seems to come is decided like any other', () => {
    const story = new Story().pass(600).enter('test').pass(-600);
    expect(codesOf(story.look())).toEqual(['sent-on-stage-entry']);
  });

  test('an entry from before we began is not sent, however little before', () => {
    const story = new Story({ policy: { automaticSince: at(1).toISOString() } }).enter('test');
    expect(codesOf(story.look())).toEqual(['not-sent-before-start']);
  });
});

describe('somebody comes back to the assessment stage', () => {
  /** The history of an ATS that tells one entry alone: where they are now, since the application was made. */
  const standing = (stage: StageName) =>
    makeSnapshot({ stage: { id: stage, name: 'Test' }, stageEntries: [makeEntry(stage, START)], tags: [] });

  test('and the history does not tell: it is said each time, once, with a button', () => {
    const story = new Story();
    story.look(standing('test'));
    story.look(standing('review'));
    const [decision] = story.look(standing('test'));
    expect(decision?.reasons).toMatchObject([
      { code: 'not-sent-return-untold', values: { stage: 'Test' }, mend: { kind: 'send-now' } },
    ]);
    expect(story.look(standing('test'))).toEqual([]);
    story.look(standing('review'));
    expect(codesOf(story.look(standing('test')))).toEqual(['not-sent-return-untold']);
  });

  test('whose history tells it is entered anew, and an older reading told out of turn says nothing', () => {
    const story = new Story().enter('test');
    story.look();
    const older = story.world;
    story.pass(5).enter('live').look();
    const newer = story.world;
    expect(codesOf(story.look(older))).not.toContain('not-sent-return-untold');
    expect(codesOf(story.look(newer))).not.toContain('not-sent-return-untold');
    story.pass(5).enter('test');
    expect(codesOf(story.look())).not.toContain('not-sent-return-untold');
  });

  test('nothing is said where nothing would have been sent', () => {
    const story = new Story({ policy: { rules: { sendOnStageEntry: false, cancelOnLeaving: true, advanceOnPass: false } } });
    for (const stage of ['test', 'review'] as const) story.look(standing(stage));
    expect(codesOf(story.look(standing('test')))).not.toContain('not-sent-return-untold');
  });
});
