import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { VendorResult } from '../../../lib/domain/result.ts';
import type { Claimed } from '../../../server/workflow/merge-result.ts';
import { BEN, codesOf, makeResult, Story } from '../../support/workflow-story.ts';

const BASE = Date.parse('2026-03-02T10:00:00.000Z');
/** So many minutes after the first word. */
const at = (minutes: number) => new Date(BASE + minutes * 60_000).toISOString();

/** Sent, and a day later: every word of these tests is of the past. */
function sent(): Story {
  const story = new Story({ policy: { rules: { sendOnStageEntry: true, cancelOnLeaving: true, advanceOnPass: true } } });
  story.enter('test').look();
  story.confirmSent();
  story.now = new Date(BASE + 24 * 3_600_000);
  return story;
}

function tell(story: Story, result: Partial<VendorResult>, claimed?: Claimed) {
  const by = { kind: 'vendor' as const, vendor: 'Coderbyte' };
  const told = makeResult({ ...(claimed?.what === 'all' && { reportedAt: claimed.at }), ...result });
  const event = { type: 'result.reported' as const, invitationId: story.last.id, by, result: told };
  return story.happen(claimed ? { ...event, claimed } : event);
}
const score = (value: number) => ({ score: { value, max: 100 } });
/** A signed report. */
const signed = (story: Story, value: number, minutes: number) => tell(story, score(value), { what: 'all', at: at(minutes) });
const CLAIM = { verified: false, score: null, integrity: { status: 'not evaluated' as const, signals: [] }, reportUrl: null };
/** An unsigned webhook that stands for itself, because nobody can be asked. */
const claim = (story: Story, more: Partial<VendorResult>, minutes: number) =>
  tell(story, { ...CLAIM, ...more }, { what: 'all', at: at(minutes) });
/** The API's answer now, and what the webhook besides it claimed back then. */
const read = (story: Story, more: Partial<VendorResult>, minutes: number) =>
  tell(story, { reportedAt: story.now.toISOString(), ...more }, { what: 'besides', at: at(minutes) });

describe('a report that is older than the one we know', () => {
  test('changes nothing: no version, no note, and nobody is moved on for it', () => {
    const story = sent();
    signed(story, 40, 10);
    const before = story.effectKinds.length;
    expect(codesOf([signed(story, 90, 0)])).toEqual(['late-report-dropped']);
    expect(story.last.result).toMatchObject({ version: 1, ...score(40) });
    expect(story.effectKinds).toHaveLength(before);
  });

  test('counts where it is the only one, however late it is taken', () => {
    const story = sent();
    signed(story, 90, -10_000);
    expect(story.last.result).toMatchObject({ version: 1, ...score(90) });
  });

  test('of the same moment is taken as it comes: two processes’ clocks differ', () => {
    const story = sent();
    signed(story, 40, 10);
    signed(story, 50, 10);
    expect(story.last.result).toMatchObject({ version: 2, ...score(50) });
    tell(story, score(60), { what: 'all', at: new Date(Date.parse(at(10)) - 4000).toISOString() });
    expect(story.last.result).toMatchObject({ version: 3, ...score(60) });
  });

  test('than one of a clock that went ahead is taken: that one’s time says nothing', () => {
    const story = sent();
    signed(story, 40, 5000);
    signed(story, 50, 10);
    expect(story.last.result).toMatchObject({ version: 2, ...score(50) });
  });

  test('whose time cannot be read is taken', () => {
    const story = sent();
    signed(story, 40, 10);
    tell(story, { ...score(50), reportedAt: 'who knows' }, { what: 'all', at: 'who knows' });
    expect(story.last.result).toMatchObject({ version: 2, ...score(50) });
    signed(story, 60, 5);
    expect(story.last.result).toMatchObject({ version: 3, ...score(60) });
  });

  test('stays out when a person has entered another one since, but the vendor’s only word takes its place', () => {
    const entered = { enteredBy: 'Ben', ...score(85) };
    const enter = (story: Story) =>
      story.happen({
        type: 'result.reported',
        invitationId: story.last.id,
        by: BEN,
        result: makeResult({ ...entered, reportedAt: at(20) }),
      });
    const corrected = sent();
    signed(corrected, 80, 10);
    enter(corrected);
    signed(corrected, 60, 0);
    expect(corrected.last.result).toMatchObject({ version: 2, ...entered });
    signed(corrected, 70, 15);
    expect(corrected.last.result).toMatchObject({ version: 3, ...score(70), enteredBy: null });
    const only = sent();
    enter(only);
    signed(only, 60, 0);
    expect(only.last.result).toMatchObject({ version: 2, ...score(60) });
  });

  test('and came before the same was said once more stays out too', () => {
    const story = sent();
    signed(story, 60, 0);
    expect(codesOf([signed(story, 60, 20)])).toEqual(['result-unchanged']);
    expect(story.last.result).toMatchObject({ version: 1, reportedAt: at(0) });
    signed(story, 70, 10);
    expect(story.last.result).toMatchObject({ version: 1, ...score(60) });
  });
});

describe('an unsigned webhook that is older than what we know', () => {
  test('adds what nothing else was said of, and takes the place of nothing', () => {
    const story = sent();
    claim(story, { timeExpired: true, reportUrl: 'https://coderbyte.com/2' }, 10);
    claim(story, { verdict: 'up', reportUrl: 'https://coderbyte.com/1' }, 0);
    expect(story.last.result).toMatchObject({
      version: 2,
      verdict: 'up',
      timeExpired: true,
      reportUrl: 'https://coderbyte.com/2',
      reportedAt: at(10),
    });
  });

  test('brings its thumb where that is newer than the thumb we know', () => {
    const story = sent();
    claim(story, { verdict: 'up' }, 0);
    claim(story, { timeExpired: true }, 20);
    claim(story, { verdict: 'down' }, 10);
    expect(story.last.result).toMatchObject({ verdict: 'down', timeExpired: true });
    claim(story, { verdict: 'up' }, 5);
    expect(story.last.result).toMatchObject({ verdict: 'down' });
  });

  test('brings neither an older thumb nor an older comment besides what the API says now', () => {
    const story = sent();
    read(story, { verdict: 'down', claimedVerdict: true, comment: 'No' }, 10);
    expect(codesOf([read(story, { verdict: 'up', claimedVerdict: true, comment: 'Yes' }, 0)])).toEqual(['late-report-dropped']);
    read(story, { ...score(90), verdict: 'up', claimedVerdict: true, comment: 'Yes' }, 0);
    const known = { verdict: 'down', claimedVerdict: true, comment: 'No' };
    expect(story.last.result).toMatchObject({ version: 2, ...score(90), ...known });
    read(story, { ...score(90), verdict: 'up', claimedVerdict: true }, 20);
    expect(story.last.result).toMatchObject({ version: 3, verdict: 'up', comment: 'No' });
  });

  test('brings the first thumb, though the API was read since', () => {
    const story = sent();
    tell(story, { verdict: null, reportedAt: at(20) });
    read(story, { verdict: 'up', claimedVerdict: true }, 0);
    expect(story.last.result).toMatchObject({ version: 2, verdict: 'up', claimedVerdict: true });
  });
});

test('what the API answers and what a person enters is never late', () => {
  const story = sent();
  signed(story, 40, 20);
  tell(story, { ...score(50), reportedAt: at(0) });
  expect(story.last.result).toMatchObject({ version: 2, ...score(50) });
  tell(story, { ...score(60), enteredBy: 'Ben', reportedAt: at(0) });
  expect(story.last.result).toMatchObject({ version: 3, ...score(60) });
});

test('in whatever order and however often signed reports are taken, the newest one stands', () => {
  const words = fc.uniqueArray(fc.nat(20), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(
      words.chain((minutes) => fc.tuple(fc.constant(minutes), fc.array(fc.constantFrom(...minutes), { maxLength: 12 }))),
      ([minutes, again]) => {
        const story = sent();
        // Every third word says the same, so that some are told again.
        for (const one of [...minutes, ...again]) signed(story, one % 3, one);
        expect(story.last.result).toMatchObject(score(Math.max(...minutes) % 3));
      },
    ),
  );
});

test('in whatever order unsigned thumbs are taken, the newest one stands', () => {
  const word = fc.record({ minutes: fc.nat(20), verdict: fc.constantFrom('up' as const, 'down' as const, null) });
  fc.assert(
    fc.property(fc.uniqueArray(word, { minLength: 1, maxLength: 8, selector: ({ minutes }) => minutes }), (words) => {
      const story = sent();
      for (const { minutes, verdict } of words) claim(story, { verdict }, minutes);
      const newest = words.filter(({ verdict }) => verdict !== null).toSorted((a, b) => b.minutes - a.minutes)[0];
      expect(story.last.result?.verdict ?? null).toBe(newest?.verdict ?? null);
    }),
  );
});
