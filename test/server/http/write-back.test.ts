import { describe, expect, it } from 'vitest';
import { connectionViewSchema, writableThings, writeBackOf } from '../../../lib/contract/settings.ts';
import { feedbackFormsViewSchema, fieldsViewSchema } from '../../../lib/contract/write-back.ts';
import type { AtsOperations } from '../../../server/ats/operations.ts';
import { useSetUp } from '../../support/admin-set-up.ts';

const LISTED: AtsOperations = {
  listFields: async () => ({
    ok: true,
    value: [
      { fieldId: '1', name: 'Assessment', on: 'application', type: 'text', choices: [] },
      {
        fieldId: '2',
        name: 'Status',
        on: 'candidate',
        type: 'choice',
        choices: [
          { choiceId: '8', name: 'Sent' },
          { choiceId: '9', name: 'Scored' },
        ],
      },
      { fieldId: '3', name: 'Salary', on: 'application', type: 'other', choices: [] },
      { fieldId: '4', name: 'Remote', on: 'application', type: 'yes-no', choices: [] },
    ],
  }),
  listFeedbackForms: async () => ({
    ok: true,
    value: [
      {
        formId: 'f1',
        name: 'Assessment result',
        scoreField: { fieldId: 's', options: ['1 - No', '4 - Yes'] },
        textFields: [{ fieldId: 't', name: 'Notes' }],
      },
      { formId: 'f2', name: 'Without a score', scoreField: null, textFields: [{ fieldId: 't', name: 'Notes' }] },
      { formId: 'f3', name: 'Without a text', scoreField: { fieldId: 's', options: ['1 - No'] }, textFields: [] },
    ],
  }),
};

describe('what can be written into', () => {
  const operations: AtsOperations = { ...LISTED };
  const at = useSetUp({ ats: { operations } });

  it('lists the fields that can hold a status or a score, with their kinds and choices', async () => {
    const { connect, read } = at.current();
    const { id } = await connect({ kind: 'greenhouse' });
    expect(await read(fieldsViewSchema, 'GET', `/api/connections/${id}/fields`)).toEqual({
      fields: [
        { fieldId: '1', name: 'Assessment', on: 'application', type: 'text', choices: [] },
        { fieldId: '2', name: 'Status', on: 'candidate', type: 'choice', choices: ['Sent', 'Scored'] },
      ],
    });
  });

  it('lists the feedback forms that have room for a text, with their scores', async () => {
    const { connect, read } = at.current();
    const { id } = await connect({ kind: 'lever' });
    expect(await read(feedbackFormsViewSchema, 'GET', `/api/connections/${id}/feedback-forms`)).toEqual({
      forms: [
        { formId: 'f1', name: 'Assessment result', scores: ['1 - No', '4 - Yes'] },
        { formId: 'f2', name: 'Without a score', scores: [] },
      ],
    });
  });

  it('is refused where the ATS has no such field, and taken as it is while that cannot be told', async () => {
    const { call, connect, read, refusal } = at.current();
    const { id, settings } = await connect({ kind: 'greenhouse' });
    const save = (writeBack: object) => ['PATCH', `/api/connections/${id}`, { settings: { ...settings, writeBack } }] as const;
    expect(await refusal(...save({ statusField: '1', scoreField: 'Score' }))).toMatchObject({
      code: 'unknown-to-ats',
      message: 'Greenhouse has no such field: Score. Choose from its list, or leave it empty.',
      details: [{ path: 'settings.writeBack.scoreField' }],
    });
    expect((await call(...save({ scoreField: 'Score' }))).status).toBe(422);
    expect((await read(connectionViewSchema, 'GET', `/api/connections/${id}`)).settings).toEqual(settings);
    expect((await call(...save({ statusField: '1', scoreField: '2' }))).status).toBe(200);
    const { listFields } = operations;
    operations.listFields = async () => ({ ok: false, kind: 'unreachable', detail: '' });
    expect((await call(...save({ scoreField: '77' }))).status).toBe(200);
    Object.assign(operations, { listFields });
    // What stands there already does not keep anybody from changing the rest.
    expect((await call(...save({ scoreField: '77', reportFile: true }))).status).toBe(200);
  });

  it('names the right that is missing', async () => {
    const { connect, refusal } = at.current();
    const { id } = await connect({ kind: 'greenhouse' });
    operations.listFields = async () => ({
      ok: false,
      kind: 'forbidden',
      status: 403,
      detail: 'no',
      right: 'harvest:custom_fields:list',
    });
    expect(await refusal('GET', `/api/connections/${id}/fields`)).toMatchObject({
      code: 'ats-refused',
      message: expect.stringContaining('a permission is missing: harvest:custom_fields:list'),
    });
  });

  it('says so where there is no such thing', async () => {
    const { connect, refusal } = at.current();
    const { id } = await connect({ kind: 'lever' });
    delete operations.listFields;
    delete operations.listFeedbackForms;
    expect((await refusal('GET', `/api/connections/${id}/fields`)).code).toBe('invalid');
    expect((await refusal('GET', `/api/connections/${id}/feedback-forms`)).code).toBe('invalid');
  });
});

describe('what is to be written', () => {
  const at = useSetUp();

  it('is kept with the connection, whole', async () => {
    const { connect, read } = at.current();
    const { id, settings } = await connect({ kind: 'lever', performAs: 'u1' });
    const writeBack = { reportLink: true, feedbackForm: 'f1', feedbackScores: { passed: '4 - Yes' } };
    const changed = await read(connectionViewSchema, 'PATCH', `/api/connections/${id}`, { settings: { ...settings, writeBack } });
    expect(changed.settings).toEqual({
      ...settings,
      writeBack: {
        statusField: '',
        scoreField: '',
        reportFile: false,
        reportLink: true,
        feedbackForm: 'f1',
        feedbackScores: { passed: '4 - Yes', notPassed: '' },
      },
    });
  });

  it('counts only as far as this way to connect can write it', async () => {
    const { connect } = at.current();
    const all = { statusField: 's', scoreField: 's', reportFile: true, reportLink: true, feedbackForm: 'f' };
    const v1 = await connect(
      { kind: 'greenhouse', api: 'v1', apiUrl: 'https://gateway.example.com', serviceUserId: '7', writeBack: all },
      {},
      { enabled: false },
    );
    expect(writableThings(v1.settings)).toEqual({ fields: true, reportFile: false, reportLink: false, feedback: false });
    expect(writeBackOf(v1.settings)).toMatchObject({ statusField: 's', reportFile: false, reportLink: false, feedbackForm: '' });
    const lever = await connect({ kind: 'lever', writeBack: all });
    expect(writeBackOf(lever.settings)).toMatchObject({ statusField: '', scoreField: '', reportFile: true, feedbackForm: 'f' });
    const vendor = await connect({ kind: 'byteboard' });
    expect(Object.values(writableThings(vendor.settings))).not.toContain(true);
  });
});
