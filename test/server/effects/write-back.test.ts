import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import { greenhouseSettingsSchema, leverSettingsSchema, type WriteBack } from '../../../lib/contract/settings.ts';
import type { VendorResult } from '../../../lib/domain/result.ts';
import { connections, effects } from '../../../server/storage/schema.ts';
import type { ReportedProgress } from '../../../server/workflow/input.ts';
import { FORBIDDEN, UNREACHABLE } from '../../support/fake-systems.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { makeResult } from '../../support/workflow-story.ts';

const pipeline = usePipeline();
let p: Pipeline;
beforeEach(() => {
  p = pipeline.current();
  p.ats.fields = [
    { fieldId: 'st', name: 'Assessment status', on: 'application', type: 'text', choices: [] },
    { fieldId: 'sc', name: 'Assessment score', on: 'application', type: 'number', choices: [] },
  ];
});

/** The ATS in memory can do everything; what the connection may do follows from its settings. */
async function writeBack(wanted: Partial<WriteBack>, { kind = 'greenhouse', performAs = '' } = {}): Promise<void> {
  const settings =
    kind === 'lever'
      ? leverSettingsSchema.parse({ kind, performAs, writeBack: wanted })
      : greenhouseSettingsSchema.parse({ kind, writeBack: wanted });
  await p.db.update(connections).set({ settings }).where(eq(connections.id, p.atsConnectionId));
}
const FIELDS = { statusField: 'st', scoreField: 'sc' };
const LEVER = { kind: 'lever', performAs: 'lever-admin' };

async function report(
  key: string,
  invitationId: string,
  state: ReportedProgress['state'],
  result: VendorResult | Omit<VendorResult, 'version'> | null = null,
) {
  p.vendor.report = { state, startedAt: null, submittedAt: null, result };
  await p.put(key, { kind: 'poll', invitationId, vendor: 'Coderbyte' });
  await p.lane(key);
}
const waiting = async (key: string, kind: string) =>
  (await p.effectRows(key)).filter((row) => row.kind === kind && (row.state === 'queued' || row.state === 'calling'));
const only = async (key: string, kind: string) => {
  const rows = await waiting(key, kind);
  if (rows.length !== 1 || !rows[0]) throw new Error(`${rows.length} of ${kind} wait`);
  return rows[0];
};
const reasonsOf = async (key: string, code: string) => (await p.codes(key)).filter((one) => one === code).length;
const stateOf = async (id: string) => (await p.effectRow(id)).state;
const crashInCall = (id: string) =>
  p.db.update(effects).set({ state: 'calling', attempts: 1, startedAt: p.now }).where(eq(effects.id, id));

describe('the fields', () => {
  test('follow the life of an invitation', async () => {
    await writeBack(FIELDS);
    const { key, invitationId } = await p.sent();
    expect(p.ats.fieldValues).toEqual({ st: 'Sent' });
    for (const [state, word] of [
      ['started', 'Started'],
      ['submitted', 'Submitted'],
    ] as const) {
      await report(key, invitationId, state);
      await p.settle();
      expect(p.ats.fieldValues).toEqual({ st: word });
    }
    await report(key, invitationId, 'scored', makeResult({ score: { value: 17, max: 20 } }));
    await p.settle();
    expect(p.ats.fieldValues).toEqual({ st: 'Scored', sc: 85 });
    await report(key, invitationId, 'scored', makeResult({ score: { value: 18, max: 20 } }));
    await p.settle();
    expect(p.ats.fieldValues).toEqual({ st: 'Scored', sc: 90 });
    expect(await p.codes(key)).toContain('fields-written');
  });

  test('an effect that runs late writes the present, not what it was asked for', async () => {
    await writeBack(FIELDS);
    const { key, invitationId } = await p.sent();
    await report(key, invitationId, 'started');
    const late = await only(key, 'write-fields');
    await report(key, invitationId, 'scored', makeResult());
    const [, fresh] = await waiting(key, 'write-fields');
    await p.run(fresh?.id ?? '');
    await p.run(late.id);
    expect(p.ats.fieldValues).toEqual({ st: 'Scored', sc: 84 });
  });

  test('one that is overtaken between its look and its write writes once more', async () => {
    await writeBack(FIELDS);
    const { key, invitationId } = await p.sent();
    await report(key, invitationId, 'started');
    const slow = await only(key, 'write-fields');
    p.ats.onWriteFields = async () => {
      p.ats.onWriteFields = () => undefined;
      await report(key, invitationId, 'submitted');
      await p.run((await waiting(key, 'write-fields')).find(({ id }) => id !== slow.id)?.id ?? '');
      expect(p.ats.fieldValues).toEqual({ st: 'Submitted' });
    };
    await p.run(slow.id);
    expect(p.ats.fieldValues).toEqual({ st: 'Submitted' });
  });

  test('the answer is lost: it is written again', async () => {
    await writeBack(FIELDS);
    p.ats.fail('writeFields', 'work-then-fail');
    const { key } = await p.sent();
    const effect = await only(key, 'write-fields');
    p.pass(60);
    await p.run(effect.id);
    expect(p.ats.count('writeFields')).toBe(2);
    expect(await stateOf(effect.id)).toBe('done');
  });

  test('of several invitations the newest one speaks, and a known score stays', async () => {
    await writeBack(FIELDS);
    const { key, invitationId } = await p.sent();
    await report(key, invitationId, 'scored', makeResult());
    await p.settle();
    p.pass(60);
    await p.click(key, { retake: true });
    await p.lane(key);
    p.pass(11);
    await p.lane(key);
    await p.settle();
    expect(await p.invitationsOf(key)).toMatchObject([{ state: 'scored' }, { state: 'sent' }]);
    expect(p.ats.fieldValues).toEqual({ st: 'Sent', sc: 84 });
    await report(key, invitationId, 'scored', makeResult({ score: { value: 90, max: 100 } }));
    await p.settle();
    expect(p.ats.fieldValues).toEqual({ st: 'Sent', sc: 90 });
  });

  test('a score that was flagged since is taken out of a number field', async () => {
    await writeBack(FIELDS);
    const { key, invitationId } = await p.sent();
    await report(key, invitationId, 'scored', makeResult());
    await p.settle();
    expect(p.ats.fieldValues).toEqual({ st: 'Scored', sc: 84 });
    await report(key, invitationId, 'scored', makeResult({ integrity: { status: 'flagged', signals: [] } }));
    await p.settle();
    expect(p.ats.fieldValues).toEqual({ st: 'Scored', sc: null });
  });

  test('a choice without this word fails with the choices, and the score is written all the same', async () => {
    await writeBack(FIELDS);
    p.ats.fields[0] = {
      fieldId: 'st',
      name: 'Assessment status',
      on: 'application',
      type: 'choice',
      choices: [{ choiceId: 'c1', name: 'sent' }],
    };
    const { key, invitationId } = await p.sent();
    expect(p.ats.fieldValues).toEqual({ st: 'c1' });
    await report(key, invitationId, 'scored', makeResult());
    const effect = await only(key, 'write-fields');
    await p.settle();
    expect(await p.effectRow(effect.id)).toMatchObject({ state: 'failed', error: expect.stringContaining('It has: sent.') });
    expect(p.ats.fieldValues).toEqual({ st: 'c1', sc: 84 });
    expect(await p.codes(key)).toContain('fields-failed');
  });

  test('the answer is lost, and then a choice without this word is in its place: that is certain', async () => {
    await writeBack(FIELDS);
    p.ats.fail('writeFields', 'work-then-fail');
    const { key } = await p.sent();
    const effect = await only(key, 'write-fields');
    const choices = [{ choiceId: 'c1', name: 'other' }];
    p.ats.fields[0] = { fieldId: 'st', name: 'Assessment status', on: 'application', type: 'choice', choices };
    // By then the fields are listed anew.
    p.pass(600);
    await p.settle();
    expect(await stateOf(effect.id)).toBe('failed');
    expect(await p.codes(key)).toContain('fields-failed');
  });

  test('what an admin has just added is found without waiting', async () => {
    await writeBack(FIELDS);
    const [status] = p.ats.fields.splice(0, 1);
    const { key, invitationId } = await p.sent();
    expect(await p.codes(key)).toContain('fields-failed');
    if (status) p.ats.fields.push(status);
    await report(key, invitationId, 'started');
    await p.settle();
    expect(p.ats.fieldValues).toEqual({ st: 'Started' });
    await report(key, invitationId, 'submitted');
    await p.settle();
    // Twice while it was missing or new, and not again since.
    expect(p.ats.count('listFields')).toBe(2);
  });

  test('a right is missing: it says so and does not try for ever', async () => {
    await writeBack(FIELDS);
    p.ats.fail('writeFields', FORBIDDEN);
    const { key } = await p.sent();
    expect(await reasonsOf(key, 'fields-failed')).toBe(1);
    expect(await waiting(key, 'write-fields')).toEqual([]);
  });

  test('switched off meanwhile: nothing is written', async () => {
    await writeBack(FIELDS);
    const { key, effectId } = await p.sending();
    await p.run(effectId);
    await p.lane(key);
    await writeBack({});
    await p.settle();
    expect(p.ats.fieldValues).toEqual({});
    expect((await p.effectRows(key)).find(({ kind }) => kind === 'write-fields')).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('switched off'),
    });
  });

  test('on a connection that has no such fields nothing is asked for', async () => {
    await writeBack(FIELDS, LEVER);
    const { key } = await p.sent();
    expect((await p.effectRows(key)).map(({ kind }) => kind)).not.toContain('write-fields');
  });
});

describe('the link to the report', () => {
  const scored = async (result: Partial<VendorResult> = {}) => {
    await writeBack({ reportLink: true }, LEVER);
    const { key, invitationId } = await p.sent();
    await report(key, invitationId, 'scored', makeResult(result));
    return key;
  };

  test('is among the links of the person, also after a lost answer', async () => {
    const key = await scored();
    const effect = await only(key, 'add-link');
    p.ats.fail('addLink', 'work-then-fail');
    await p.run(effect.id);
    p.pass(60);
    await p.settle();
    expect([...p.ats.links]).toEqual(['https://coderbyte.com/report/1']);
    expect(await p.codes(key)).toContain('link-added');
  });

  test.each(['https://coderbyte.com/report/1?accessToken=abc', 'https://elsewhere.example/report/1'])(
    '%s is not written, and it says why',
    async (reportUrl) => {
      const key = await scored({ reportUrl });
      await p.settle();
      expect(p.ats.count('addLink')).toBe(0);
      expect(await p.codes(key)).toContain('link-failed');
    },
  );
});

describe('the report as a file', () => {
  const PDF = Buffer.from('%PDF-1.7\n…');
  const scored = async () => {
    await writeBack({ reportFile: true });
    const { key, invitationId } = await p.sent();
    await report(key, invitationId, 'scored', makeResult());
    return { key, effect: await only(key, 'attach-report') };
  };

  test('is attached under a name that is ours', async () => {
    p.vendor.giveFiles({ ok: true, value: { name: 'x.pdf', bytes: PDF } });
    const { key } = await scored();
    await p.settle();
    expect(p.ats.files).toMatchObject([
      { name: expect.stringMatching(/^Senior SWE report TA-[0-9a-f]{12}\.pdf$/), contentType: 'application/pdf', bytes: PDF },
    ]);
    expect(await p.codes(key)).toContain('report-attached');
  });

  test('the answer is lost: it is looked for, and not attached twice', async () => {
    p.vendor.giveFiles({ ok: true, value: { name: 'x.pdf', bytes: PDF } });
    const { key, effect } = await scored();
    p.ats.fail('attachFile', 'work-then-fail');
    expect(await p.run(effect.id)).toBe('later');
    p.pass(60);
    await p.settle();
    expect(p.ats.files).toHaveLength(1);
    expect(await p.codes(key)).toContain('report-attached');
  });

  test('cut off where files may not be listed: unconfirmed, not attached again', async () => {
    p.vendor.giveFiles({ ok: true, value: { name: 'x.pdf', bytes: PDF } });
    const { key, effect } = await scored();
    p.ats.canReadFiles = false;
    await crashInCall(effect.id);
    await p.run(effect.id);
    await p.lane(key);
    expect(p.ats.files).toEqual([]);
    expect(await p.codes(key)).toContain('report-unconfirmed');
  });

  test('the answer is lost, and files are switched off before the next look: it is not certain', async () => {
    p.vendor.giveFiles({ ok: true, value: { name: 'x.pdf', bytes: PDF } });
    const { key, effect } = await scored();
    p.ats.fail('attachFile', 'work-then-fail');
    await p.run(effect.id);
    await writeBack({});
    p.pass(60);
    await p.settle();
    expect(p.ats.files).toHaveLength(1);
    expect(await stateOf(effect.id)).toBe('unconfirmed');
    expect(await p.codes(key)).toContain('report-unconfirmed');
  });

  test('the vendor is away: it waits', async () => {
    p.vendor.giveFiles(UNREACHABLE);
    const { effect } = await scored();
    expect(await p.run(effect.id)).toBe('later');
    expect(await stateOf(effect.id)).toBe('queued');
  });

  test('what is no PDF is not attached', async () => {
    p.vendor.giveFiles({ ok: true, value: { name: 'x.pdf', bytes: Buffer.from('<html>sign in</html>') } });
    const { key } = await scored();
    await p.settle();
    expect(p.ats.files).toEqual([]);
    expect(await p.codes(key)).toContain('report-failed');
  });

  test('a vendor without such files, or without one for this result: it says so', async () => {
    const { key } = await scored();
    await p.settle();
    expect(await p.codes(key)).toContain('report-not-there');
    expect(p.ats.count('attachFile')).toBe(0);
  });
});

describe('the feedback form', () => {
  const SET = { feedbackForm: 'form-1', feedbackScores: { passed: '4 - Strong Hire', notPassed: '2 - No Hire' } };
  const scored = async (result: Partial<VendorResult> = {}, given = LEVER) => {
    await writeBack(SET, given);
    const { key, invitationId } = await p.sent();
    await report(key, invitationId, 'scored', makeResult(result));
    return { key, invitationId, effect: await only(key, 'write-feedback') };
  };

  test('says what the note says, with the score that an admin chose', async () => {
    const { key } = await scored();
    await p.settle();
    expect(p.ats.feedback).toEqual([
      {
        formId: 'form-1',
        authorUserId: 'lever-admin',
        score: '4 - Strong Hire',
        text: expect.stringMatching(/^Senior SWE: 84 of 100, passed \(mark 70\)\..* TA-[0-9a-f]{12}$/),
        reference: expect.stringMatching(/^TA-/),
      },
    ]);
    expect(await p.codes(key)).toContain('feedback-written');
  });

  test.each<[string, Partial<VendorResult>, string | null]>([
    ['below the mark', { score: { value: 50, max: 100 } }, '2 - No Hire'],
    ['without score and thumb', { score: null }, null],
    ['flagged', { integrity: { status: 'flagged', signals: [] } }, null],
  ])('%s', async (_what, result, score) => {
    await scored(result);
    await p.settle();
    expect(p.ats.feedback).toMatchObject([{ score }]);
  });

  test('flagged: it asks for a review', async () => {
    await scored({ integrity: { status: 'flagged', signals: [] } });
    await p.settle();
    expect(p.ats.feedback[0]?.text).toContain('review it before it counts');
  });

  test('the answer is lost: it is looked for, and not written twice', async () => {
    const { key, effect } = await scored();
    p.ats.fail('writeFeedback', 'work-then-fail');
    expect(await p.run(effect.id)).toBe('later');
    p.pass(60);
    await p.settle();
    expect(p.ats.feedback).toHaveLength(1);
    expect(await p.codes(key)).toContain('feedback-written');
  });

  test('cut off where feedback may not be read: unconfirmed, not written again', async () => {
    const { key, effect } = await scored();
    p.ats.canReadFeedback = false;
    await crashInCall(effect.id);
    await p.run(effect.id);
    await p.lane(key);
    expect(p.ats.feedback).toEqual([]);
    expect(await p.codes(key)).toContain('feedback-unconfirmed');
  });

  test('the answer is lost, and forms are switched off before the next look: it is not certain', async () => {
    const { key, effect } = await scored();
    p.ats.fail('writeFeedback', 'work-then-fail');
    await p.run(effect.id);
    await writeBack({}, LEVER);
    p.pass(60);
    await p.settle();
    expect(p.ats.feedback).toHaveLength(1);
    expect(await stateOf(effect.id)).toBe('unconfirmed');
    expect(await p.codes(key)).toContain('feedback-unconfirmed');
  });

  test('without an author it is not written, and it names what to set', async () => {
    const { key, effect } = await scored({}, { kind: 'lever', performAs: '' });
    await p.settle();
    expect(p.ats.feedback).toEqual([]);
    expect((await p.effectRow(effect.id)).error).toContain('enter the Lever user to act as');
    expect(await p.codes(key)).toContain('feedback-failed');
  });

  test('a revised result adds no second form', async () => {
    const { key, invitationId } = await scored();
    await p.settle();
    await report(key, invitationId, 'scored', makeResult({ score: { value: 20, max: 100 } }));
    await p.settle();
    expect(p.ats.feedback).toHaveLength(1);
  });
});
