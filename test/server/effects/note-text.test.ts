import { describe, expect, test } from 'vitest';
import type { VendorResult } from '../../../lib/domain/result.ts';
import { feedbackText, noteText } from '../../../server/effects/note-text.ts';
import { makeInvitation } from '../../support/make-order.ts';
import { makeAssessment, makeResult } from '../../support/workflow-story.ts';

const textsOf = (changes: Partial<VendorResult>, withComment?: true) => {
  const invitation = { ...makeInvitation({}), result: { ...makeResult(changes), version: 1 } };
  const given = { invitation, assessment: makeAssessment(), vendorName: 'Growhire', reference: 'TA-1' };
  const content = { about: 'result' as const, assessment: 'Senior SWE', version: 1, ...(withComment && { withComment }) };
  return [noteText(content, given), feedbackText(given)];
};

describe('a note about a result', () => {
  test('has the link to the report', () => {
    for (const text of textsOf({ reportUrl: 'https://coderbyte.com/report/x' }))
      expect(text).toContain('Report: https://coderbyte.com/report/x');
  });

  test('says nothing of a mark that cannot be held against the score', () => {
    for (const text of textsOf({ score: { value: 12, max: null }, lacksMaximum: true })) expect(text).not.toMatch(/mark|passed/);
    for (const text of textsOf({ score: { value: 12, max: null } })) expect(text).toMatch(/mark/);
  });

  test.each([
    'https://coderbyte.com/report/x?accessToken=abc',
    'https://coderbyte.com/report/x?authkey=abc',
    'https://coderbyte.com/report/x#token=abc',
    'http://coderbyte.com/report/x',
  ])('never has %s, which opens something by itself or is not safe', (reportUrl) => {
    for (const text of textsOf({ reportUrl })) expect(text).not.toMatch(/Report:|abc|http/);
  });

  test('says of a thumb that only a message told that nobody verified it', () => {
    const thumb = { verdict: 'up' as const, score: null };
    for (const text of textsOf({ ...thumb, claimedVerdict: true })) expect(text).toContain('recommended (told, not verified)');
    for (const text of textsOf(thumb)) expect(text).not.toContain('told, not verified');
  });

  test('has a reviewer’s comment only where that is wanted, in one line, and says of whose word it is', () => {
    const comment = 'Knows her joins.\n\nAsk about locks.';
    expect(textsOf({ comment }).join()).not.toContain('joins');
    const [note] = textsOf({ comment, verified: false }, true);
    expect(note).toContain('A reviewer’s comment: Knows her joins. Ask about locks. Reported by Growhire, not verified.');
    expect(textsOf({ comment: 'x'.repeat(2000) }, true)[0]?.length).toBeLessThan(800);
  });
});
