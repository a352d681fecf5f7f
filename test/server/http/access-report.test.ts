import { describe, expect, test } from 'vitest';
import type { WebhookView } from '../../../lib/contract/settings.ts';
import { leverSettingsSchema } from '../../../lib/contract/settings.ts';
import type { AtsDoctor, RightPurpose } from '../../../server/ats/doctor.ts';
import { toAccessReport, toUnaskedReport } from '../../../server/http/access-report.ts';
import { usesOf } from '../../../server/http/examine-access.ts';

type Examined = Awaited<ReturnType<AtsDoctor['examine']>>;
const NOW = new Date('2026-11-21T14:00:00.000Z');

const webhook = (given: Partial<WebhookView>): WebhookView => ({
  id: 'w1',
  event: 'candidateStageChange',
  purpose: '',
  required: true,
  url: null,
  path: '/hooks/secret-token',
  secretFrom: 'theirs',
  secrets: [],
  previous: [],
  lastSeenAt: null,
  lastTestAt: null,
  lastRefusedAt: null,
  lastRefusedBecause: null,
  ...given,
});

function report(
  examined: Partial<Examined> = {},
  { publicUrl = 'https://t.example' as string | null, webhooks = [] as WebhookView[] } = {},
) {
  const whole: Examined = {
    trouble: null,
    rights: [],
    actingUser: null,
    expiries: [],
    trial: { state: 'not-asked' },
    clockAheadMs: 0,
    allowance: null,
    ...examined,
  };
  return toAccessReport(whole, {
    ats: 'Lever',
    connection: { name: 'Lever', kind: 'lever', webhooks, consent: null },
    publicUrl,
    now: NOW,
  });
}
const fact = (given: ReturnType<typeof report>, id: string) => given.facts.find((one) => one.id === id);
const inDays = (days: number) => new Date(NOW.getTime() + days * 86_400_000).toISOString();

describe('what is said besides the rights', () => {
  test.each([
    [59_000, 'good', 'The clocks of this server and Lever agree.'],
    [-59_000, 'good', 'The clocks of this server and Lever agree.'],
    [125_000, 'bad', 'The clock of this server is 125 s behind Lever.'],
    [-61_000, 'bad', 'The clock of this server is 61 s ahead of Lever.'],
    [null, 'unknown', 'Lever did not say what time it is.'],
  ] as const)('a clock that is %s ms off is %s', (clockAheadMs, state, text) => {
    expect(fact(report({ clockAheadMs }), 'clock')).toMatchObject({ state, text: expect.stringContaining(text) });
  });

  test.each([
    [60, 'good', 'lasts until'],
    [13, 'bad', 'Ask a Super Admin to give it again before.'],
    [-1, 'bad', 'ended on 2026-11-20 14:00 UTC'],
  ])('a consent that ends in %d days is %s', (days, state, text) => {
    const given = report({ expiries: [{ what: 'consent', at: inDays(days) }] });
    expect(fact(given, 'consent')).toMatchObject({ state, text: expect.stringContaining(text) });
  });

  test.each<[string, Partial<WebhookView>, string]>([
    ['nothing received so far', {}, 'bad'],
    ['nothing received so far', { required: false }, 'unknown'],
    ['last received 2026-11-22 14:00 UTC', { lastSeenAt: inDays(1) }, 'good'],
    ['tested 2026-11-22 14:00 UTC, nothing received since', { lastTestAt: inDays(1) }, 'good'],
    [
      'refused at 2026-11-22 14:00 UTC. The signature is wrong.',
      { lastSeenAt: inDays(0), lastRefusedAt: inDays(1), lastRefusedBecause: 'The signature is wrong.' },
      'bad',
    ],
    ['last received 2026-11-22 14:00 UTC', { lastSeenAt: inDays(1), lastRefusedAt: inDays(0) }, 'good'],
  ])('a webhook: %s', (text, given, state) => {
    const made = report({}, { webhooks: [webhook(given)] });
    expect(fact(made, 'webhook')).toMatchObject({ state, text: expect.stringContaining(text) });
    expect(JSON.stringify(made)).not.toContain('secret-token');
  });

  test('PUBLIC_URL missing, a pause, what a trial left', () => {
    expect(fact(report({}, { publicUrl: null }), 'public-url')).toMatchObject({
      state: 'bad',
      text: expect.stringContaining('PUBLIC_URL is not set'),
    });
    const bucket = { kind: 'bucket', perSecond: 9.8, burst: 8, remaining: 3.4 } as const;
    expect(fact(report({ allowance: { ...bucket, pausedForMs: 0 } }), 'allowance')?.text).toContain('3 can go out at once now');
    expect(fact(report({ allowance: { ...bucket, pausedForMs: 4_200 } }), 'allowance')).toMatchObject({
      state: 'bad',
      text: expect.stringContaining('5 s'),
    });
    const left = report({ trial: { state: 'done', left: [{ what: 'note', text: 'A check.' }] } });
    expect(fact(left, 'trial')).toMatchObject({
      state: 'bad',
      text: 'This note stays on the test candidate: “A check.” Delete it in Lever.',
    });
  });

  test('what is missing and not needed does not make it red; what is needed does', () => {
    const right = (needed: boolean) => ({ name: 'x', purpose: 'move' as RightPurpose, state: 'missing' as const, needed });
    expect(report({ rights: [right(false)] }).ok).toBe(true);
    expect(report({ rights: [right(true)] })).toMatchObject({ ok: false, summary: 'Missing: x.' });
  });

  test('without a credential there is a report too', () => {
    const around = {
      ats: 'Lever',
      connection: { name: 'Lever', kind: 'lever' as const, webhooks: [], consent: null },
      publicUrl: null,
      now: NOW,
    };
    expect(toUnaskedReport('The key is missing.', around)).toMatchObject({
      ok: false,
      summary: 'The key is missing.',
      rights: [],
    });
  });
});

describe('what is switched on', () => {
  const settings = (given: object) => ({ settings: leverSettingsSchema.parse({ kind: 'lever', ...given }) });
  const rules = { sendOnStageEntry: true, advanceOnPass: false };
  test.each<[object, Partial<typeof rules>, boolean, string[]]>([
    [{}, {}, true, []],
    [{}, {}, false, ['set-up']],
    [{}, { sendOnStageEntry: false, advanceOnPass: true }, true, ['tagging', 'advance']],
    [{ attribution: 'recruiter' }, {}, true, ['attribution']],
    [
      { writeBack: { reportFile: true, reportLink: true, feedbackForm: 'f' } },
      {},
      true,
      ['report-file', 'report-link', 'feedback'],
    ],
  ])('%j with %j: %s', (given, change, elsewhere, uses) => {
    expect([...usesOf(settings(given), { ...rules, ...change }, elsewhere)]).toEqual(uses);
  });
});
