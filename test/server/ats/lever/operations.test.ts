import { describe, expect, it } from 'vitest';
import { leverSettingsSchema } from '../../../../lib/contract/settings.ts';
import type { AtsOperations } from '../../../../server/ats/operations.ts';
import type { AtsDispositionReason, AtsStage } from '../../../../server/ats/port.ts';
import { FORBIDDEN, fixture, OPPORTUNITY, scriptedLever, TARGET } from './scripted-lever.ts';

const at = `/opportunities/${OPPORTUNITY}`;
const NOTE = 'dafc52cc-2eba-4542-92ba-1f17685df17b';
const UNDERQUALIFIED = '63dd55b2-a99f-4e7b-985f-22c7bf80ab42';
const HIRED = 'b2b9ad7b-1d3a-4f0f-8a57-3b4d6c1e0c11';
const FORM = '0251a01c-0f81-4988-b9ec-02edc7607925';
const PDF = { name: 'Report TA-1.pdf', contentType: 'application/pdf', bytes: new Uint8Array([37, 80]) } as const;
const FEEDBACK = { formId: FORM, authorUserId: 'user-2', score: '3 - Hire', text: '86 of 100.', reference: 'TA-1' };
const done = { ok: true, value: undefined };

const opportunity = (more: Record<string, unknown> = {}) => ({ body: { data: { id: OPPORTUNITY, stage: 'a', ...more } } });
const archivedFor = (reason: string) => opportunity({ archived: { reason, archivedAt: 1 } });
const actingAs = (performAs: string) => ({
  settings: leverSettingsSchema.parse({ kind: 'lever', apiUrl: 'https://api.lever.co/v1', performAs }),
});
const kept = (stages: AtsStage[], reasons: AtsDispositionReason[]) => ({
  keptNames: { read: async () => ({ stages, reasons }) },
});

function scripted(...given: Parameters<typeof scriptedLever>) {
  const lever = scriptedLever(...given);
  const operations = lever.adapter.operations as Required<AtsOperations>;
  const writes = () => lever.requests.filter(({ method }) => method !== 'GET');
  return { ...lever, operations, writes };
}

describe('the author of a write', () => {
  it('stands in the address of each, and in no body', async () => {
    const paths = ['addLinks', 'removeLinks', 'files', 'feedback'].map((path) => `POST ${at}/${path}`);
    const answered = [...paths, `PUT ${at}/notes/${NOTE}`, `DELETE ${at}/notes/${NOTE}`, `PUT ${at}/archived`, `PUT ${at}/stage`];
    const { operations, writes } = scripted(
      {
        ...Object.fromEntries(answered.map((route) => [route, { body: { data: {} } }])),
        [`GET ${at}`]: opportunity(),
        [`GET ${at}/notes/${NOTE}`]: { body: await fixture('note') },
        'GET /archive_reasons': { body: await fixture('archive-reasons') },
        'GET /feedback_templates': { body: await fixture('feedback-templates') },
        'GET /stages': { body: { data: [{ id: 'a' }, { id: 'b' }] } },
      },
      actingAs('user-1'),
    );
    const target = { ...TARGET, actingUserId: 'user-2' };
    await operations.updateNote(target, { noteId: NOTE, text: 'x' });
    await operations.deleteNote(target, NOTE);
    await operations.attachFile(target, PDF);
    await operations.addLink(target, 'https://a.example');
    await operations.removeLink(target, 'https://a.example');
    await operations.writeFeedback(target, FEEDBACK);
    await operations.reject(target, { reasonId: UNDERQUALIFIED, note: null });
    await operations.hire(target, { openingId: null, reasonId: HIRED, startsAt: null });
    await operations.advance(target, { fromStageId: 'a' });
    expect(writes()).toHaveLength(9);
    for (const { query, json, file } of writes()) {
      expect(query).toMatchObject({ perform_as: 'user-2' });
      expect(JSON.stringify({ json, part: file?.part })).not.toMatch(/user-|perform/);
    }
  });

  it('is asked for by files and feedback: without one nothing is called', async () => {
    const { operations, requests } = scripted({}, actingAs(''));
    expect(await operations.attachFile(TARGET, PDF)).toMatchObject({ ok: false, kind: 'misconfigured' });
    expect(await operations.writeFeedback(TARGET, { ...FEEDBACK, authorUserId: '' })).toMatchObject({ kind: 'misconfigured' });
    expect(requests).toEqual([]);
  });

  it('is the connection’s own for a file where there is no recruiter', async () => {
    const { operations, requests } = scripted({ [`POST ${at}/files`]: { body: await fixture('file') } }, actingAs('user-1'));
    await operations.attachFile(TARGET, PDF);
    expect(requests[0]).toMatchObject({ query: { perform_as: 'user-1' }, file: { part: 'file', fileName: PDF.name } });
  });
});

describe('a note of ours', () => {
  it('is not changed when nobody may look whether somebody has answered under it', async () => {
    const { operations, writes } = scripted({ [`GET ${at}/notes/${NOTE}`]: FORBIDDEN });
    expect(await operations.updateNote(TARGET, { noteId: NOTE, text: 'x' })).toMatchObject({ kind: 'forbidden' });
    expect(writes()).toEqual([]);
  });

  it('that is gone counts as deleted', async () => {
    const { operations } = scripted({});
    expect(await operations.deleteNote(TARGET, NOTE)).toEqual(done);
  });
});

describe('a file', () => {
  it('of more than 30 MB is not sent', async () => {
    const { operations, requests } = scripted({}, actingAs('user-1'));
    const bytes = new Uint8Array(30 * 1024 * 1024 + 1);
    expect(await operations.attachFile(TARGET, { ...PDF, bytes })).toMatchObject({ kind: 'refused', status: 413 });
    expect(requests).toEqual([]);
  });

  it('cannot be looked for without the right', async () => {
    const { operations } = scripted({ [`GET ${at}/files`]: FORBIDDEN });
    expect(await operations.findFile(TARGET, PDF.name)).toEqual({ ok: true, value: 'cannot-look' });
  });
});

describe('feedback', () => {
  const templates = async (change: (fields: { type: string; required: boolean }[]) => unknown[]) => {
    const { data } = (await fixture('feedback-templates')) as { data: { id: string; fields: never[] }[] };
    return { body: { data: data.map((template) => ({ ...template, fields: change(template.fields) })) } };
  };

  it('gives the score to the letter, and the reference in the text', async () => {
    const { operations, writes } = scripted({
      'GET /feedback_templates': { body: await fixture('feedback-templates') },
      [`POST ${at}/feedback`]: { body: await fixture('feedback-created') },
    });
    await operations.writeFeedback(TARGET, FEEDBACK);
    expect(writes().map(({ json }) => json)).toEqual([
      {
        baseTemplateId: FORM,
        fieldValues: [
          { id: '4761572c-6496-4ac4-b608-3a0b6b12a548', value: '3 - Hire' },
          { id: '9ed3a47e-aa41-49e9-bbe0-7cf9a75345bd', value: '86 of 100.\nTA-1' },
        ],
      },
    ]);
  });

  it('refused in its author’s name is written in nobody else’s', async () => {
    const script = {
      'GET /feedback_templates': { body: await fixture('feedback-templates') },
      [`POST ${at}/feedback`]: { kind: 'refused', status: 400, detail: 'perform_as' } as const,
    };
    const { operations, writes } = scripted(script, actingAs('user-1'));
    expect(await operations.writeFeedback(TARGET, FEEDBACK)).toMatchObject({ ok: false, kind: 'refused' });
    expect(writes().map(({ query }) => query?.perform_as)).toEqual(['user-2']);
  });

  it.each([
    ['a form that is gone', { ...FEEDBACK, formId: 'gone' }, null, /no longer there/],
    ['a score that is gone', { ...FEEDBACK, score: '3 - hire' }, null, /no score "3 - hire"/],
    ['a form without a text', FEEDBACK, (fields: { type: string }[]) => fields.slice(0, 1), /no field for a text/],
    [
      'a form that asks for more',
      FEEDBACK,
      (fields: { type: string }[]) => [...fields, { id: 'x', type: 'dropdown', text: 'Team', required: true }],
      /Team/,
    ],
  ])('%s: nothing is written, and it says why', async (_what, feedback, change, why) => {
    const { operations, writes } = scripted({ 'GET /feedback_templates': await templates(change ?? ((fields) => fields)) });
    const written = await operations.writeFeedback(TARGET, feedback);
    expect(written).toMatchObject({ ok: false, kind: 'refused', detail: expect.stringMatching(why) });
    expect(writes()).toEqual([]);
  });
});

describe('archiving', () => {
  const lists = async (now: ReturnType<typeof opportunity>) => ({
    [`GET ${at}`]: now,
    'GET /archive_reasons': { body: await fixture('archive-reasons') },
    [`PUT ${at}/archived`]: { body: await fixture('archived-answer') },
  });
  const hire = (reasonId: string | null) => ({ openingId: null, reasonId, startsAt: null });

  it('for that reason already is done without a call', async () => {
    const { operations, writes } = scripted(await lists(archivedFor(UNDERQUALIFIED)));
    expect(await operations.reject(TARGET, { reasonId: UNDERQUALIFIED, note: null })).toEqual(done);
    expect(writes()).toEqual([]);
  });

  it('with a reason that says "hired" rejects nobody', async () => {
    const { operations, writes } = scripted(await lists(opportunity()));
    expect(await operations.reject(TARGET, { reasonId: HIRED, note: null })).toMatchObject({ kind: 'refused' });
    expect(writes()).toEqual([]);
  });

  it('goes by the kept reasons where none may be listed', async () => {
    const script = { [`GET ${at}`]: opportunity(), 'GET /archive_reasons': FORBIDDEN };
    const reason = { reasonId: HIRED, name: 'Hired', kind: 'hired', active: true } as const;
    const { operations, writes } = scripted(script, kept([], [reason]));
    expect(await operations.reject(TARGET, { reasonId: HIRED, note: null })).toMatchObject({ kind: 'refused' });
    expect(writes()).toEqual([]);
    await operations.hire(TARGET, hire(HIRED));
    expect(writes().map(({ json }) => json)).toEqual([{ reason: HIRED }]);
  });

  it('hires with the only reason there is, which Lever answers as an object', async () => {
    const { operations, writes } = scripted({
      ...(await lists(opportunity())),
      'GET /archive_reasons': { body: await fixture('archive-reason-alone') },
    });
    expect(await operations.hire(TARGET, hire(null))).toEqual(done);
    expect(writes().map(({ json }) => json)).toEqual([{ reason: HIRED }]);
  });

  it('hires nobody with a reason that does not say so', async () => {
    const { operations, writes } = scripted(await lists(opportunity()));
    expect(await operations.hire(TARGET, hire(UNDERQUALIFIED))).toMatchObject({ ok: false, kind: 'refused' });
    expect(writes()).toEqual([]);
  });

  it('is taken back, but not from the hired', async () => {
    const hired = scripted(await lists(archivedFor(HIRED)));
    expect(await hired.operations.unreject(TARGET)).toMatchObject({ ok: false, kind: 'refused' });
    expect(hired.writes()).toEqual([]);
    const rejected = scripted(await lists(archivedFor(UNDERQUALIFIED)));
    expect(await rejected.operations.unreject(TARGET)).toEqual(done);
    expect(rejected.writes().map(({ json }) => json)).toEqual([{ reason: null }]);
  });
});

describe('the next stage', () => {
  const stages = [
    { stageId: 'a', name: 'A', job: null, order: 0 },
    { stageId: 'b', name: 'B', job: null, order: 1 },
  ];
  const listed = { body: { data: [{ id: 'a' }, { id: 'b' }] } };

  it('is the next one of the pipeline, in Lever’s order', async () => {
    const { operations, writes } = scripted({
      'GET /stages': { body: { data: [{ id: 'z' }, { id: 'a' }, { id: 'c' }, { id: 'b' }] } },
      [`GET ${at}`]: opportunity(),
    });
    await operations.advance(TARGET, { fromStageId: 'a' });
    expect(writes().map(({ json }) => json)).toEqual([{ stage: 'c' }]);
  });

  it('is known from the set-up where stages may not be listed', async () => {
    const { operations, writes } = scripted({ 'GET /stages': FORBIDDEN, [`GET ${at}`]: opportunity() }, kept(stages, []));
    await operations.advance(TARGET, { fromStageId: 'a' });
    expect(writes().map(({ json }) => json)).toEqual([{ stage: 'b' }]);
  });

  it.each([
    ['the last one', 'b', /no stage after/],
    ['one that is gone', 'gone', /no longer there/],
  ])('after %s is none', async (_what, fromStageId, why) => {
    const { operations, writes } = scripted({ 'GET /stages': listed, [`GET ${at}`]: opportunity({ stage: fromStageId }) });
    const advanced = await operations.advance(TARGET, { fromStageId });
    expect(advanced).toMatchObject({ ok: false, kind: 'refused', detail: expect.stringMatching(why) });
    expect(writes()).toEqual([]);
  });
});
