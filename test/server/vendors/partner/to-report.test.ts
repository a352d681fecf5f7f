import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testStatusSchema } from '../../../../server/vendors/partner/schemas.ts';
import { toReport } from '../../../../server/vendors/partner/to-report.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const read = (body: object) => toReport(testStatusSchema.parse(body), { reportHosts: ['vendor.example'], now: NOW });
const complete = (more: object = {}) => read({ partner_status: 'complete', ...more }).result;

describe('the status of a test', () => {
  it.each([
    ['complete', 'scored'],
    ['Complete', 'scored'],
    [' COMPLETE ', 'scored'],
    ['in_progress', 'started'],
    ['In Progress', 'started'],
    ['started', 'started'],
    ['sent', 'sent'],
    ['incomplete', 'sent'],
    ['pending', 'sent'],
    ['not complete', 'sent'],
    ['überprüft', 'sent'],
  ])('"%s" is understood as %s', (partner_status, state) => {
    expect(read({ partner_status })).toMatchObject({ state, startedAt: null, submittedAt: null });
  });

  it.each([
    ['pending', 'pending'],
    ['über prüft', 'über prüft'],
    ['<b>On&nbsp;hold</b> <script>alert(1)</script>', 'On hold'],
    ['x'.repeat(500), 'x'.repeat(60)],
    ['Sent', 'sent'],
    ['in_progress', undefined],
    ['complete', undefined],
  ])('%j has no meaning that we could know, so that the word itself is told: %j', (partner_status, says) => {
    expect(read({ partner_status }).says).toBe(says);
  });

  it('before it is complete has no result, whatever comes with it', () => {
    const early = { partner_score: 88, partner_profile_url: 'https://vendor.example/1', metadata: { Feedback: 'Good' } };
    for (const partner_status of ['sent', 'in_progress', 'pending', 'incomplete'])
      expect(read({ partner_status, ...early }).result).toBeNull();
  });
});

describe('the result', () => {
  it('has a score as it is told, without a maximum; what is no number is a grade', () => {
    expect(complete({ partner_score: 812 })).toMatchObject({ score: { value: 812, max: null }, rating: null });
    expect(complete({ partner_score: '7.5' })).toMatchObject({ score: { value: 7.5, max: null }, rating: null });
    expect(complete({ partner_score: 0 })).toMatchObject({ score: { value: 0, max: null } });
    expect(complete({ partner_score: 'A+' })).toMatchObject({ score: null, rating: 'A+' });
    for (const partner_score of [null, undefined, '', true, {}, []])
      expect(complete({ partner_score })).toMatchObject({ score: null, rating: null });
  });

  it('has a link only where it leads to one of the hosts', () => {
    const linkOf = (partner_profile_url: unknown) => complete({ partner_profile_url })?.reportUrl;
    expect(linkOf('https://app.vendor.example/candidates/1')).toBe('https://app.vendor.example/candidates/1');
    for (const url of [
      'https://elsewhere.example/1',
      'http://vendor.example/1',
      'https://vendor.example.evil.example/',
      'https://ada@vendor.example/',
      'javascript:alert(1)',
      7,
      null,
    ])
      expect(linkOf(url)).toBeNull();
  });

  it('has the metadata as lines, whatever they are called', () => {
    const metadata = {
      'Started At': '10:15 AM 26 March 2014',
      Feedback: '<b>Good</b>\nwork',
      Questions: 12,
      Passed: true,
      Note: null,
      ' ': 'nameless',
      Deep: { inner: 1 },
    };
    expect(complete({ metadata })?.breakdown).toEqual([
      { kind: 'section', name: 'Started At', score: null, rating: '10:15 AM 26 March 2014' },
      { kind: 'section', name: 'Feedback', score: null, rating: 'Good work' },
      { kind: 'section', name: 'Questions', score: { value: 12, max: null }, rating: null },
      { kind: 'section', name: 'Passed', score: null, rating: 'true' },
    ]);
    for (const other of [null, 'text', ['a'], 7]) expect(complete({ metadata: other })?.breakdown).toEqual([]);
  });

  it('does not carry links, and only so much', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`Line ${n}`, 'x'.repeat(5_000)]));
    const lines = complete({ metadata: { Replay: 'see https://vendor.example/r?token=s3cret', ...many } })?.breakdown;
    expect(lines).toHaveLength(50);
    expect(JSON.stringify(lines)).not.toContain('s3cret');
    expect(lines?.[1]?.rating).toHaveLength(500);
  });

  it('is made of any answer without an error', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (partner_score, partner_profile_url, metadata) => {
        expect(complete({ partner_score, partner_profile_url, metadata })).toMatchObject({ status: 'final', verified: true });
      }),
    );
  });
});
