import { describe, expect, test } from 'vitest';
import type { VendorResult } from '../../../lib/domain/result.ts';
import type { AtsField } from '../../../server/ats/operations.ts';
import { fieldValues } from '../../../server/effects/field-values.ts';
import { makeResult } from '../../support/workflow-story.ts';

const field = (type: AtsField['type'], choices: string[] = []): AtsField => ({
  fieldId: 'f1',
  name: 'Our field',
  on: 'candidate',
  type,
  choices: choices.map((name, at) => ({ choiceId: `c${at}`, name })),
});
const status = (of: AtsField, word: 'sent' | 'not-confirmed' = 'sent') =>
  fieldValues(
    { status: word, result: null, hadResult: false },
    { statusField: 'f1', scoreField: '' },
    { fields: [of], fallback: null },
  );
const score = (of: AtsField, result: Partial<VendorResult>, hadResult = false) =>
  fieldValues(
    { status: 'scored', result: { ...makeResult(result), version: 1 }, hadResult },
    { statusField: '', scoreField: 'f1' },
    { fields: [of], fallback: null },
  );
const written = ({ values }: ReturnType<typeof fieldValues>) => (values.length === 0 ? 'left alone' : values[0]?.value);
const FLAGGED: Partial<VendorResult> = { integrity: { status: 'flagged', signals: [] } };

describe('the status', () => {
  test('as text it is a plain word, on the object to which the field belongs', () => {
    expect(status(field('text'))).toEqual({
      values: [{ fieldId: 'f1', on: 'candidate', value: 'Sent' }],
      shown: ['Our field: Sent'],
      troubles: [],
    });
  });

  test('as a choice it is the one of that name, however it is written there', () => {
    expect(written(status(field('choice', ['Sent', ' not CONFIRMED ']), 'not-confirmed'))).toBe('c1');
  });

  test('a choice that is not there is named, with those that are', () => {
    expect(status(field('choice', ['Invited', 'Done']))).toEqual({
      values: [],
      shown: [],
      troubles: [expect.stringMatching(/“Our field” has no choice “Sent”. It has: Invited, Done\./)],
    });
  });

  test.each(['number', 'yes-no', 'link', 'other'] as const)('a field of the kind %s cannot hold it', (type) => {
    expect(status(field(type)).troubles).toEqual([expect.stringContaining('cannot hold this')]);
  });

  test('a field that is gone is told, and the other one is written all the same', () => {
    const picture = { status: 'scored' as const, result: { ...makeResult(), version: 1 }, hadResult: false };
    const both = fieldValues(picture, { statusField: 'gone', scoreField: 'f1' }, { fields: [field('number')], fallback: null });
    expect(both).toMatchObject({ values: [{ value: 84 }], troubles: [expect.stringContaining('no longer there')] });
  });

  test('two fields that are gone are one trouble', () => {
    const picture = { status: 'scored' as const, result: { ...makeResult({}), version: 1 }, hadResult: false };
    const none = fieldValues(picture, { statusField: 'gone', scoreField: 'gone too' }, { fields: [], fallback: null });
    expect(none).toMatchObject({ values: [], troubles: [expect.stringContaining('no longer there')] });
  });
});

describe('the score', () => {
  test.each<[string, Partial<VendorResult>, unknown]>([
    ['with its maximum', { score: { value: 17, max: 20 } }, '17 of 20'],
    ['without one', { score: { value: 640, max: null } }, '640'],
    ['as a rating', { score: null, rating: 'Strong' }, 'Strong'],
    ['as a thumb', { score: null, verdict: 'up' }, 'recommended'],
    ['not verified', { verified: false }, '84 of 100 (not verified)'],
    ['flagged', FLAGGED, '84 of 100 (flagged, look at the report)'],
    ['none at all', { score: null }, 'left alone'],
  ])('as text: %s', (_what, result, expected) => {
    expect(written(score(field('text'), result))).toBe(expected);
  });

  test.each<[string, Partial<VendorResult>, unknown]>([
    ['in percent where there is a maximum', { score: { value: 17, max: 20 } }, 85],
    ['the nearest of them', { score: { value: 82.7, max: 100 } }, 83],
    ['in its own unit where there is none', { score: { value: 640, max: null } }, 640],
    ['zero is a score', { score: { value: 0, max: 100 } }, 0],
    ['nobody verified it', { verified: false }, 'left alone'],
    ['it was flagged', FLAGGED, 'left alone'],
    ['there is only a rating', { score: null, rating: 'Strong' }, 'left alone'],
  ])('as a number: %s', (_what, result, expected) => {
    expect(written(score(field('number'), result))).toBe(expected);
  });

  test('one that no longer stands is taken away', () => {
    const emptied = score(field('number'), FLAGGED, true);
    expect(emptied).toMatchObject({ values: [{ value: null }], shown: ['Our field emptied'] });
  });

  test('as a choice: by words, by rating or by number', () => {
    expect(written(score(field('choice', ['Strong', 'Poor']), { score: null, rating: 'Poor' }))).toBe('c1');
    expect(written(score(field('choice', ['84']), {}))).toBe('c0');
    expect(score(field('choice', ['A', 'B']), {}).troubles).toEqual([expect.stringContaining('no choice “84 of 100”')]);
  });
});
