import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resultRuleSchema } from '../../../../lib/contract/settings.ts';
import type { VendorResult } from '../../../../lib/domain/result.ts';
import type { ResultRule } from '../../../../server/workflow/policy.ts';
import { codesOf, Story } from '../../../support/workflow-story.ts';

const FLAGGED = { integrity: { status: 'flagged' as const, signals: ['pasted'] } };
const TO_BE_LOOKED_AT = { integrity: { status: 'flagged' as const, level: 'unknown' as const, signals: ['Suspicion: odd'] } };
const tagFor = (when: Partial<ResultRule['when']>, tag = 'Qualified'): ResultRule => ({
  when: { match: 'all', ...when },
  does: { tag, move: false },
});
const MOVE: ResultRule = { when: { qualified: true, cheating: false, match: 'all' }, does: { move: true } };

function invited(...onResult: ResultRule[]): Story {
  const story = new Story({ policy: { onResult } }).enter('test');
  story.look();
  story.confirmSent();
  return story;
}
const tags = ({ effects }: Story) =>
  effects.flatMap((effect) => (effect.kind === 'add-tag' && effect.invitationId === null ? [effect.tag] : []));
const moves = ({ effects }: Story) => effects.filter(({ kind }) => kind === 'move-to-stage');

describe('a rule about results', () => {
  test.each<[string, ResultRule['when'], Partial<VendorResult>, boolean]>([
    ['qualified: the mark is reached', { qualified: true, match: 'any' }, {}, true],
    ['qualified: the mark is not reached', { qualified: true, match: 'any' }, { score: { value: 1, max: 100 } }, false],
    ['not qualified: the mark is not reached', { qualified: false, match: 'any' }, { score: { value: 1, max: 100 } }, true],
    ['not qualified: nobody can say', { qualified: false, match: 'any' }, { score: null }, false],
    ['qualified: the thumb of a reviewer', { qualified: true, match: 'any' }, { score: null, verdict: 'up' }, true],
    ['cheating detected', { cheating: true, match: 'any' }, FLAGGED, true],
    ['cheating not detected', { cheating: false, match: 'any' }, {}, true],
    [
      'cheating not detected: it is not known',
      { cheating: false, match: 'any' },
      { integrity: { status: 'pending', signals: [] } },
      false,
    ],
    [
      'cheating detected: suspected a little',
      { cheating: true, match: 'any' },
      { integrity: { ...FLAGGED.integrity, level: 'low' } },
      true,
    ],
    ['cheating detected: only to be looked at by a person', { cheating: true, match: 'any' }, TO_BE_LOOKED_AT, false],
    ['cheating not detected: only to be looked at by a person', { cheating: false, match: 'any' }, TO_BE_LOOKED_AT, false],
    ['both of two', { qualified: true, cheating: false, match: 'all' }, FLAGGED, false],
    ['either of two', { qualified: true, cheating: false, match: 'any' }, FLAGGED, true],
    ['a result that is only claimed', { qualified: true, match: 'any' }, { verified: false }, false],
    ['a provisional result', { qualified: true, match: 'any' }, { status: 'provisional' }, false],
  ])('%s', (_what, when, result, isTagged) => {
    const story = invited({ when, does: { tag: 'Qualified', move: false } });
    const codes = codesOf([story.result(result)]);
    expect(codes.includes('result-tag')).toBe(isTagged);
    expect(tags(story)).toEqual(isTagged ? ['Qualified'] : []);
  });

  test('a thumb that is only claimed qualifies nobody, though the rest was entered by a person', () => {
    const story = invited(tagFor({ qualified: true }));
    story.result({ score: null, enteredBy: 'Ben' });
    story.result({ verified: false, score: null, verdict: 'up', integrity: { status: 'not evaluated', signals: [] } });
    expect(story.last.result).toMatchObject({ verified: true, verdict: 'up', claimedVerdict: true });
    expect(tags(story)).toEqual([]);
  });

  test('adds its tag once for a version, not again for what changes nothing about it', () => {
    const story = invited(tagFor({ qualified: true }));
    story.result();
    story.result();
    story.result({ score: { value: 90, max: 100 } });
    expect(tags(story)).toEqual(['Qualified']);
  });

  test('that fits anew after it did not is carried out anew; what the older version did stays', () => {
    const story = invited(tagFor({ qualified: true }), tagFor({ qualified: false }, 'Not qualified'));
    story.result();
    story.result({ score: { value: 10, max: 100 } });
    story.result({ score: { value: 90, max: 100 } });
    expect(tags(story)).toEqual(['Qualified', 'Not qualified', 'Qualified']);
    expect(story.effectKinds).not.toContain('remove-tag');
  });

  test('adds no tag that is on the candidate already, and none twice', () => {
    const story = invited(tagFor({ qualified: true }), tagFor({ cheating: false }, 'qualified '));
    story.result();
    expect(tags(story)).toEqual(['Qualified']);
    const there = invited(tagFor({ qualified: true })).tag('senior swe', 'QUALIFIED');
    there.result();
    expect(tags(there)).toEqual([]);
  });

  test('leaves alone who was archived meanwhile, and says so', () => {
    const story = invited(tagFor({ qualified: true })).end('archived');
    expect(codesOf([story.result()])).toContain('result-tag-not-active');
    expect(tags(story)).toEqual([]);
  });

  test('moves on only who may be moved on a pass, once', () => {
    const story = invited(MOVE);
    expect(codesOf([story.result()])).toContain('advanced-on-pass');
    story.result({ score: { value: 10, max: 100 } });
    story.result({ score: { value: 95, max: 100 } });
    expect(moves(story)).toHaveLength(1);
    expect(moves(story)).toMatchObject([{ fromStageId: 'test', toStageId: 'onsite' }]);
  });

  test.each<[string, Partial<VendorResult>]>([
    ['flagged', FLAGGED],
    ['to be looked at by a person', TO_BE_LOOKED_AT],
    ['of an integrity check that was never made', { integrity: { status: 'not evaluated', signals: [] } }],
    ['not passed', { score: { value: 1, max: 100 } }],
  ])('moves nobody whose result is %s', (_what, result) => {
    const story = invited(MOVE);
    story.result(result);
    expect(moves(story)).toEqual([]);
  });

  test('moves nobody flagged or unverified under any rules, also such as nobody can save', () => {
    const rule = fc.record({
      when: fc.record({
        qualified: fc.constantFrom(undefined, true, false),
        cheating: fc.constantFrom(undefined, true, false),
        match: fc.constantFrom('any' as const, 'all' as const),
      }),
      does: fc.record({ tag: fc.constantFrom(undefined, 'A', 'B'), move: fc.boolean() }),
    });
    const result = fc.record({
      verified: fc.boolean(),
      status: fc.constantFrom('final' as const, 'provisional' as const),
      score: fc.constantFrom(null, { value: 90, max: 100 }, { value: 10, max: 100 }),
      verdict: fc.constantFrom(null, 'up' as const, 'down' as const),
      integrity: fc.record({
        status: fc.constantFrom('clear' as const, 'flagged' as const, 'pending' as const),
        level: fc.constantFrom(undefined, 'unknown' as const),
        signals: fc.constant<string[]>([]),
      }),
    });
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 10 }), fc.array(result, { minLength: 1, maxLength: 6 }), (rules, results) => {
        const story = invited(...(rules as ResultRule[]));
        for (const one of results) {
          const before = story.effects.length;
          const version = story.last.result?.version ?? 0;
          story.result(one);
          const asked = story.effects.slice(before);
          const doneByRule = asked.filter(({ kind }) => kind === 'add-tag' || kind === 'move-to-stage');
          if (!one.verified || one.status !== 'final') expect(doneByRule).toEqual([]);
          if (one.integrity.status !== 'clear') expect(asked.filter(({ kind }) => kind === 'move-to-stage')).toEqual([]);
          if (story.last.result?.version === version) expect(doneByRule).toEqual([]);
          expect(new Set(doneByRule.map(({ key }) => key)).size).toBe(doneByRule.length);
        }
        expect(moves(story).length).toBeLessThanOrEqual(1);
        expect(story.effectKinds).not.toContain('remove-tag');
      }),
      { numRuns: 300 },
    );
  });
});

describe('the rules that can be saved', () => {
  const save = (when: object, does: object) => resultRuleSchema.safeParse({ when, does }).success;

  test('need a condition, and something to do', () => {
    expect(save({ qualified: true }, { tag: 'A' })).toBe(true);
    expect(save({}, { tag: 'A' })).toBe(false);
    expect(save({ qualified: true }, {})).toBe(false);
    expect(save({ qualified: true }, { tag: ' ' })).toBe(false);
  });

  test('move nobody who is not qualified or was found cheating', () => {
    expect(save({ qualified: true }, { move: true })).toBe(true);
    expect(save({ qualified: true, cheating: false, match: 'all' }, { move: true })).toBe(true);
    expect(save({ qualified: true, cheating: false, match: 'any' }, { move: true })).toBe(false);
    expect(save({ qualified: true, cheating: true, match: 'all' }, { move: true })).toBe(false);
    expect(save({ qualified: false }, { move: true })).toBe(false);
    expect(save({ cheating: false }, { move: true })).toBe(false);
  });
});
