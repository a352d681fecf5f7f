import { describe, expect, test } from 'vitest';
import { hasEnteredSince, isOnVisit, visitOf } from '../../../server/workflow/visit.ts';
import { makeEntry, makeSnapshot, START, type StageName } from '../../support/workflow-story.ts';

const at = (seconds: number) => new Date(START.getTime() + seconds * 1000);

describe('which visit to a stage somebody is on', () => {
  const standing = (...told: [StageName, number][]) =>
    makeSnapshot({
      stage: { id: told.at(-1)?.[0] ?? '', name: '' },
      stageEntries: told.map(([stage, seconds]) => makeEntry(stage, at(seconds))),
    });
  const first = visitOf(standing(['test', 0]));

  test.each<[string, ReturnType<typeof standing>, boolean]>([
    ['nothing has happened', standing(['test', 0]), true],
    ['they are elsewhere', standing(['test', 0], ['onsite', 5]), false],
    ['they went and came back', standing(['test', 0], ['onsite', 5], ['test', 9]), false],
    ['they went and came back at the same moment', standing(['test', 0], ['onsite', 5], ['test', 5]), false],
    ['the same, and each stage is told with its last entry alone', standing(['onsite', 5], ['test', 9]), false],
    ['the ATS tells another time of it, and no other stage between', standing(['test', 9000]), true],
    ['the ATS does not tell entries any more', { ...standing(['test', 0]), stageEntries: [] }, true],
    [
      'it tells a derived time now',
      makeSnapshot({ stage: { id: 'test', name: '' }, stageEntries: [{ ...makeEntry('test', at(9000)), derived: true }] }),
      true,
    ],
  ])('%s', (_what, now, same) => {
    expect(isOnVisit(now, first)).toBe(same);
  });

  test('a time that was derived tells no visit from another', () => {
    const derivedOnce = makeSnapshot({
      stage: { id: 'test', name: '' },
      stageEntries: [{ ...makeEntry('test', at(0)), derived: true }],
    });
    expect(visitOf(derivedOnce)).toEqual({ stageId: 'test', entryKey: null });
    expect(isOnVisit(standing(['test', 9000]), visitOf(derivedOnce))).toBe(true);
  });

  test('whether they have been elsewhere since is told by what came after it alone', () => {
    expect(hasEnteredSince(standing(['onsite', -5], ['test', 0]), 'onsite', first)).toBe(false);
    expect(hasEnteredSince(standing(['onsite', 5], ['test', 9]), 'onsite', first)).toBe(true);
    expect(hasEnteredSince(standing(['onsite', 5]), 'onsite', { ...first, entryKey: null })).toBe(false);
  });
});
