import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readReport } from '../../../../server/vendors/coderbyte/read-report.ts';
import { readFixture } from '../../../support/read-fixture.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const REPORT = 'https://coderbyte.com/report/user462h9y1s11y:angular-assessment-9six08om28556';

function read(
  body: unknown,
  { fields = {}, isInterview = false }: { fields?: Record<string, string>; isInterview?: boolean } = {},
) {
  const context = { email: 'ada@example.com', isInterview, reportHosts: ['coderbyte.com'], now: NOW };
  return readReport({ body, fields }, context);
}
const changed = async (change: object) => read({ ...(await readFixture('coderbyte/report-trigger-data')), ...change });

describe('a report of Coderbyte', () => {
  it('in the words of the trigger data is read whole, and without private notes', async () => {
    const report = read(await readFixture('coderbyte/report-trigger-data'));
    expect(report).toEqual({
      ok: true,
      value: {
        state: 'scored',
        startedAt: null,
        submittedAt: '2022-12-11T18:16:00.000Z',
        result: {
          status: 'final',
          verified: true,
          score: { value: 80, max: 100 },
          rating: null,
          breakdown: [
            { kind: 'section', name: 'Coding', score: { value: 60, max: null }, rating: null },
            { kind: 'section', name: 'Multiple choice', score: { value: 20, max: null }, rating: null },
            { kind: 'task', name: 'First Reverse', score: { value: 10, max: 10 }, rating: null },
            { kind: 'task', name: 'Letter Count', score: { value: 8, max: 10 }, rating: null },
            { kind: 'skill', name: 'Communication', score: { value: 3, max: null }, rating: null },
            { kind: 'skill', name: 'Code quality', score: { value: 4, max: null }, rating: null },
          ],
          integrity: { status: 'clear', signals: [] },
          verdict: 'up',
          notes: null,
          reportUrl: REPORT,
          timeExpired: false,
          reportedAt: NOW.toISOString(),
        },
      },
    });
    expect(JSON.stringify(report)).not.toMatch(/salary|walk to work/);
  });

  it('is plain text wherever Coderbyte writes words of its own', async () => {
    const challenge_details = [
      { title: '<i>Trees</i> &amp; graphs', score: 9 },
      { title: '<br>', score: 1 },
    ];
    const report = await changed({
      challenge_details,
      scorecard: { '<b>C++</b> &lt;T&gt;': 4, '<p></p>': 2 },
      plagiarism: '<b>Detected</b>',
    });
    const result = report.ok ? report.value.result : null;
    const named = result?.breakdown.filter(({ kind }) => kind !== 'section').map(({ name }) => name);
    expect(named).toEqual(['Trees & graphs', 'C++ <T>']);
    expect(result?.integrity.signals).toEqual(['Plagiarism: Detected']);
  });

  it('in the words of the JSON export is read as well, and without replay videos', async () => {
    const report = read(await readFixture('coderbyte/report-json-export'));
    expect(report).toMatchObject({
      ok: true,
      value: {
        state: 'scored',
        startedAt: null,
        submittedAt: null,
        result: { score: { value: 17, max: 100 }, integrity: { status: 'clear' }, verdict: null, reportUrl: REPORT },
      },
    });
    expect(report).toMatchObject({
      value: { result: { breakdown: expect.arrayContaining([expect.objectContaining({ score: { value: 10, max: 10 } })]) } },
    });
    expect(JSON.stringify(report)).not.toMatch(/replay|before spring/);
  });

  it('takes the final score as it is, whatever its parts are', async () => {
    expect(await changed({ code_score: 100, mc_score: 100, final_score: '17' })).toMatchObject({
      value: { result: { score: { value: 17, max: 100 } } },
    });
    expect(await changed({ final_score: 0 })).toMatchObject({ value: { state: 'scored', result: { score: { value: 0 } } } });
  });

  it.each([
    [{ plagiarism: 'Not detected' }, 'clear', []],
    [{ plagiarism: 'NOT DETECTED' }, 'clear', []],
    [{ plagiarism: 'Detected' }, 'flagged', ['Plagiarism: Detected']],
    [{ plagiarism: 'Possible  match\nfound' }, 'flagged', ['Plagiarism: Possible match found']],
    [{ plagiarism: 'Not detected', cheated: true }, 'flagged', ['Cheating: Detected']],
    [{ plagiarism: undefined, cheated: false }, 'clear', []],
    [{ plagiarism: undefined }, 'not evaluated', []],
    [{ plagiarism: '' }, 'not evaluated', []],
  ])('with %j is %s', async (change, status, signals) => {
    expect(await changed(change)).toMatchObject({ value: { result: { integrity: { status, signals } } } });
  });

  it.each([
    ['Complete', 'scored'],
    ['completed ', 'scored'],
    ['Processing', 'submitted'],
    ['Joined', 'started'],
    ['In progress', 'started'],
    ['Expired', 'expired'],
    ['Cancelled', 'cancelled'],
    ['Invited', 'sent'],
    ['Some other word', 'sent'],
  ])('of the status %j means %s', async (status, state) => {
    const report = await changed({ status });
    expect(report).toMatchObject({ ok: true, value: { state } });
    if (state !== 'scored') expect(report).toMatchObject({ value: { result: null } });
  });

  it('that is completed but not ready, or has nothing in it yet, is handed in only', async () => {
    const pending = { ok: true, value: { state: 'submitted', result: null } };
    expect(await changed({ report_ready: false })).toMatchObject(pending);
    expect(await changed({ final_score: null, vote_decision: null })).toMatchObject(pending);
    expect(await changed({ final_score: -1, vote_decision: '' })).toMatchObject(pending);
  });

  it('of an interview is over without a score, and waits for a thumb', async () => {
    const over = { interview_id: 'w246Ri1UP', email: 'ada@example.com', status: 'Completed', report_link: REPORT };
    expect(read(over, { isInterview: true })).toMatchObject({
      value: { state: 'scored', result: { status: 'provisional', score: null, verdict: null, reportUrl: REPORT } },
    });
    expect(read({ ...over, vote_decision: 'down' }, { isInterview: true })).toMatchObject({
      value: { result: { status: 'final', verdict: 'down' } },
    });
  });

  it.each([
    ['up', 'up'],
    ['down', 'down'],
    ['thumb_up', 'up'],
    ['Thumbs-Down', 'down'],
    ['sideways', null],
    [true, null],
  ])('with the vote %j has the verdict %j', async (vote_decision, verdict) => {
    expect(await changed({ vote_decision })).toMatchObject({ value: { result: { verdict } } });
  });

  it('never shows a link that leads elsewhere', async () => {
    for (const report_link of ['https://evil.example/', 'http://coderbyte.com/', 7])
      expect(await changed({ report_link })).toMatchObject({ value: { result: { reportUrl: null } } });
  });

  it('is found where the map says, by the map’s words', () => {
    const row = { mail: 'ADA@example.com', phase: 'Completed', marks: { total: 71 }, verdictWord: 'up' };
    const fields = { report: 'data.0', email: 'mail', status: 'phase', final_score: 'marks.total', verdict: 'verdictWord' };
    expect(read({ data: [row] }, { fields })).toMatchObject({
      value: { state: 'scored', result: { score: { value: 71 }, verdict: 'up' } },
    });
  });

  it('is picked by the address from a list, and refused when the address is there twice or not at all', async () => {
    const mine = await readFixture('coderbyte/report-trigger-data');
    const other = { ...mine, email: 'eve@example.com', final_score: 1 };
    const fields = { items: 'candidates' };
    expect(read({ candidates: [other, mine] }, { fields })).toMatchObject({ value: { result: { score: { value: 80 } } } });
    expect(read({ candidates: [mine, mine] }, { fields })).toMatchObject({ ok: false, kind: 'unreadable' });
    expect(read({ candidates: [other] }, { fields })).toMatchObject({ ok: false, kind: 'not-found' });
    expect(read([])).toMatchObject({ ok: false, kind: 'not-found' });
  });

  it('about somebody else is never taken', async () => {
    expect(await changed({ email: 'eve@example.com' })).toMatchObject({ ok: false, kind: 'unreadable' });
    expect(await changed({ email: ' Ada@Example.com ' })).toMatchObject({ ok: true });
  });

  it.each([undefined, null, '', 'ok', 7, {}, { error: 'not found' }, { report: {} }])('is not %j', (body) => {
    expect(read(body)).toMatchObject({ ok: false, kind: 'unreadable' });
  });

  it('of any shape is read without an error, and never scored without anything to show', () => {
    const part = fc.oneof(fc.anything(), fc.constantFrom('Completed', 'up', 'Not detected', -1, 80, '80', 'N/A'));
    const body = fc.dictionary(fc.constantFrom(...WORDS), part);
    fc.assert(
      fc.property(fc.oneof(body, fc.anything()), (given) => {
        const report = read(given);
        if (report.ok && report.value.state === 'scored')
          expect(report.value.result?.score ?? report.value.result?.verdict).not.toBeNull();
      }),
    );
  });
});

const WORDS = [
  'status',
  'final_score',
  'code_score',
  'date',
  'plagiarism',
  'challenge_details',
  'vote_decision',
  'scorecard',
  'report_link',
  'report_ready',
];
