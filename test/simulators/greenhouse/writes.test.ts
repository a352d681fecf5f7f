import { describe, expect, test } from 'vitest';
import { ALL_SCOPES } from './acts/credentials.ts';
import { startCompany, toRecord } from './test-company.ts';

async function startAtAda(options = {}) {
  const company = await startCompany(options);
  const application = () =>
    company.read(`/v3/applications?ids=${company.ids.applications.ada}`).then((rows) => toRecord(rows[0]));
  const { stage_id: rowId } = await application();
  const path = `/v3/applications/${company.ids.applications.ada}`;
  const move = (body: unknown) => company.call('POST', `${path}/move`, body);
  const stages = company.ids.stages.backend;
  return { ...company, application, rowId, path, move, stages };
}

describe('moving', () => {
  test('a move answers 204 with nothing in it, and the new state is read again', async () => {
    const { move, rowId, stages, application } = await startAtAda();
    const answer = await move({ from_stage_id: rowId, to_stage_id: stages.Assessment });
    expect(answer).toMatchObject({ status: 204, body: '' });
    expect(await application()).toMatchObject({
      stage_name: 'Assessment',
      job_interview_stage_id: stages.Assessment,
      status: 'in_process',
    });
  });

  test('without a target it advances', async () => {
    const { move, rowId, application } = await startAtAda();
    expect((await move({ from_stage_id: rowId })).status).toBe(204);
    expect((await application()).stage_name).toBe('Assessment');
  });

  test('from_stage_id is the row by default, and a definition is refused', async () => {
    const { move, stages } = await startAtAda();
    const answer = await move({ from_stage_id: stages['Phone Screen'], to_stage_id: stages.Onsite });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ from_stage_id: expect.any(String) }] } });
  });

  test('where it means the definition, the row is refused', async () => {
    const { move, rowId, stages, simulator } = await startAtAda();
    simulator.change({ fromStageId: 'job-stage' });
    expect((await move({ from_stage_id: rowId, to_stage_id: stages.Onsite })).status).toBe(422);
    expect((await move({ from_stage_id: stages['Phone Screen'], to_stage_id: stages.Onsite })).status).toBe(204);
  });

  test('a stale move is refused', async () => {
    const { move, rowId, stages, simulator, ids } = await startAtAda();
    simulator.move({ applicationId: ids.applications.ada, stageId: stages.Onsite });
    expect((await move({ from_stage_id: rowId, to_stage_id: stages.Assessment })).status).toBe(422);
  });

  test('extra keys, text for a number, a stage of another job, the current stage and two targets are refused', async () => {
    const { move, rowId, stages, ids } = await startAtAda();
    const from_stage_id = rowId;
    const to_stage_id = stages.Onsite;
    const bodies = [
      { from_stage_id, to_stage_id, note: 'hello' },
      { from_stage_id: String(rowId), to_stage_id },
      { to_stage_id },
      { from_stage_id, to_stage_id: ids.stages.design.Onsite },
      { from_stage_id, to_stage_id: stages['Phone Screen'] },
      { from_stage_id, to_stage_id, to_job_id: ids.jobs.design },
    ];
    for (const body of bodies)
      expect(await move(body)).toMatchObject({ status: 422, body: { message: 'Unprocessable Content' } });
  });

  test('a rejected application and a prospect cannot be moved', async () => {
    const { call, ids, read } = await startAtAda();
    const [rejected] = await read(`/v3/applications?ids=${ids.applications.rejected}`);
    expect((await call('POST', `/v3/applications/${rejected?.id}/move`, { from_stage_id: rejected?.stage_id })).status).toBe(422);
    expect((await call('POST', `/v3/applications/${ids.applications.prospect}/move`, { from_stage_id: 1 })).status).toBe(422);
  });

  test('a transfer lands on the first stage of the other job', async () => {
    const { move, rowId, ids, application } = await startAtAda();
    expect((await move({ from_stage_id: rowId, to_job_id: ids.jobs.design })).status).toBe(204);
    expect(await application()).toMatchObject({ job_id: ids.jobs.design, stage_name: 'Application Review' });
  });

  test('coming back overwrites the time of entry; a company that keeps each visit gets a second row', async () => {
    const { simulator, ids, stages, wait, read } = await startAtAda();
    const applicationId = ids.applications.ada;
    const goAndReturn = () => {
      for (const stageId of [stages.Onsite, stages['Phone Screen']]) {
        wait(60_000);
        simulator.move({ applicationId, stageId });
      }
    };
    const rows = () =>
      read(`/v3/application_stages?application_ids=${applicationId}&job_interview_stage_ids=${stages['Phone Screen']}`);
    goAndReturn();
    expect(await rows()).toMatchObject([{ entered_at: '2026-11-21T10:02:00.000Z', exited_at: null, current: true }]);
    simulator.change({ reentry: 'new-row' });
    goAndReturn();
    expect(await rows()).toMatchObject([
      { entered_at: '2026-11-21T10:04:00.000Z', current: true },
      { entered_at: '2026-11-21T10:02:00.000Z', exited_at: '2026-11-21T10:03:00.000Z', current: false },
    ]);
  });

  test('it needs the scope, and a user who may write', async () => {
    const { mint, call, rowId, path, ids, simulator } = await startAtAda();
    const { body } = await mint({ sub: String(ids.users.recruiter) });
    const token = String(toRecord(body).access_token);
    expect((await call('POST', `${path}/move`, { from_stage_id: rowId }, token)).status).toBe(403);
    simulator.changeCredential({ scopes: ALL_SCOPES.filter((scope) => scope !== 'harvest:applications:move') });
    const admin = String(toRecord((await mint()).body).access_token);
    expect((await call('POST', `${path}/move`, { from_stage_id: rowId }, admin)).status).toBe(403);
  });
});

describe('rejecting and hiring', () => {
  test('a rejection needs a reason, answers 204, and a second one is refused', async () => {
    const { call, path, ids, application } = await startAtAda();
    expect((await call('POST', `${path}/reject`, {})).status).toBe(422);
    expect((await call('POST', `${path}/reject`, { rejection_reason_id: 1 })).status).toBe(422);
    const body = { rejection_reason_id: ids.reasons.withdrew, notes: 'Another offer' };
    expect(await call('POST', `${path}/reject`, body)).toMatchObject({ status: 204, body: '' });
    expect(await application()).toMatchObject({
      status: 'rejected',
      rejection_reason_id: ids.reasons.withdrew,
      stage_name: 'Phone Screen',
    });
    expect((await call('POST', `${path}/reject`, body)).status).toBe(422);
  });

  test('a rejected application has no stage where the company keeps to the documents', async () => {
    const { simulator, read, ids } = await startAtAda();
    simulator.change({ rejectedStage: 'null' });
    const rows = await read(`/v3/applications?ids=${ids.applications.rejected}`);
    expect(rows).toMatchObject([{ stage_id: null, stage_name: null, job_interview_stage_id: null }]);
  });

  test('unrejecting clears reason and note', async () => {
    const { call, path, ids, application, read } = await startAtAda();
    expect((await call('POST', `${path}/unreject`, {})).status).toBe(422);
    await call('POST', `${path}/reject`, { rejection_reason_id: ids.reasons.withdrew, notes: 'Another offer' });
    const details = `/v3/rejection_details?application_ids=${ids.applications.ada}`;
    expect(await read(details)).toMatchObject([{ rejection_reason_id: ids.reasons.withdrew }]);
    expect((await call('POST', `${path}/unreject`, {})).status).toBe(204);
    expect(await application()).toMatchObject({ status: 'in_process', rejected_at: null, rejection_reason_id: null });
    expect(await read(details)).toEqual([]);
    expect(await read(`/v3/notes?candidate_ids=${ids.candidates.ada}`)).toEqual([]);
  });

  test('hiring needs the opening when the job has several, and takes the stage away', async () => {
    const { call, path, read, ids, application, simulator } = await startAtAda();
    expect((await call('POST', `${path}/hire`, {})).status).toBe(422);
    const [opening] = await read(`/v3/openings?job_ids=${ids.jobs.backend}&open=true`);
    expect((await call('POST', `${path}/hire`, { opening_id: opening?.id })).status).toBe(204);
    expect(await application()).toMatchObject({ status: 'hired', stage_id: null, job_interview_stage_id: null });
    expect(await read(`/v3/openings?job_ids=${ids.jobs.backend}&open=true`)).toHaveLength(1);
    simulator.unhire({ applicationId: ids.applications.ada });
    expect(await application()).toMatchObject({ status: 'in_process', stage_name: 'Phone Screen' });
  });
});

describe('notes, tags, attachments and fields', () => {
  const NOTE = { body: 'Assessment sent', visibility: 'public' };

  test('a note is created with 201, and listed with the other spelling of its visibility', async () => {
    const { call, read, ids, simulator } = await startCompany();
    const answer = await call('POST', '/v3/notes', {
      ...NOTE,
      candidate_id: ids.candidates.ada,
      application_id: ids.applications.ada,
    });
    expect(answer).toMatchObject({ status: 201, body: { visibility: 'publicly_visible', type: 'NOTE' } });
    expect(await read(`/v3/notes?application_ids=${ids.applications.ada}`)).toMatchObject([{ body: 'Assessment sent' }]);
    simulator.change({ noteVisibilityAnswer: 'written' });
    const second = await call('POST', '/v3/notes', { ...NOTE, candidate_id: ids.candidates.ada });
    expect(second.body).toMatchObject({ visibility: 'public', application_id: null });
  });

  test.each([
    ['the read spelling of the visibility', { visibility: 'publicly_visible' }],
    ['no visibility', { visibility: undefined }],
    ['an empty body', { body: '' }],
    ['a type that cannot be written', { note_type: 'INTERVIEW' }],
    ['an e-mail without its addresses', { note_type: 'EMAIL', email_from: 'a@example.com' }],
    ['e-mail fields on a plain note', { email_to: 'a@example.com' }],
    ['an unknown key', { private: true }],
    ['a person who does not exist', { candidate_id: 17 }],
    ['an author who does not exist', { user_id: 17 }],
  ])('a note with %s is refused', async (_what, fields) => {
    const { call, ids } = await startCompany();
    expect((await call('POST', '/v3/notes', { ...NOTE, candidate_id: ids.candidates.ada, ...fields })).status).toBe(422);
  });

  test('a note on somebody else’s application is refused, and there is no removing one', async () => {
    const { call, ids } = await startCompany();
    const foreign = { ...NOTE, candidate_id: ids.candidates.ada, application_id: ids.applications.grace };
    expect((await call('POST', '/v3/notes', foreign)).status).toBe(422);
    const { body } = await call('POST', '/v3/notes', { ...NOTE, candidate_id: ids.candidates.ada });
    expect((await call('DELETE', `/v3/notes/${toRecord(body).id}`)).status).toBe(404);
  });

  test('a tag is made once, applied once and removed by the row', async () => {
    const { call, read, ids } = await startCompany();
    const made = await call('POST', '/v3/candidate_tags', { name: 'Staff SWE' });
    expect(made).toMatchObject({ status: 201, body: { name: 'Staff SWE' } });
    expect((await call('POST', '/v3/candidate_tags', { name: 'Staff SWE' })).status).toBe(422);
    const body = { candidate_id: ids.candidates.grace, candidate_tag_id: toRecord(made.body).id };
    const applied = await call('POST', '/v3/applied_candidate_tags', body);
    expect(applied.status).toBe(201);
    expect((await call('POST', '/v3/applied_candidate_tags', body)).status).toBe(422);
    expect((await read(`/v3/candidates?ids=${ids.candidates.grace}`))[0]?.tags).toEqual(['Staff SWE']);
    expect((await call('DELETE', `/v3/applied_candidate_tags/${toRecord(applied.body).id}`)).status).toBe(204);
    expect((await read(`/v3/candidates?ids=${ids.candidates.grace}`))[0]?.tags).toEqual([]);
    expect((await call('DELETE', `/v3/applied_candidate_tags/${toRecord(applied.body).id}`)).status).toBe(404);
  });

  test('an update of a candidate replaces the tags, and may be answered with a message only', async () => {
    const { call, ids, simulator } = await startCompany();
    const path = `/v3/candidates/${ids.candidates.ada}`;
    expect((await call('PATCH', path, { tags: ['A', 'B'] })).body).toMatchObject({ tags: ['A', 'B'] });
    expect((await call('PATCH', path, { name: 'x' })).status).toBe(422);
    simulator.change({ candidateUpdateAnswer: 'message' });
    expect((await call('PATCH', path, { tags: [] })).body).toEqual({ message: expect.any(String) });
  });

  test('a custom field of an application is written by key or id, and null clears it', async () => {
    const { call, ids } = await startCompany();
    const path = `/v3/applications/${ids.applications.ada}`;
    const set = await call('PATCH', path, {
      custom_fields: [{ name_key: 'salary_wish', value: { amount: 1, currency_code: 'EUR' } }],
    });
    expect(set.body).toMatchObject({ custom_fields: { salary_wish: { type: 'currency', value: { amount: 1 } } } });
    const cleared = await call('PATCH', path, { custom_fields: [{ name_key: 'salary_wish', value: null }] });
    expect(cleared.body).toMatchObject({ custom_fields: {} });
    expect((await call('PATCH', path, { custom_fields: [{ name_key: 'nonsense', value: 1 }] })).status).toBe(422);
  });

  test('an attachment has content or a url, not both, and a new resume replaces the old one', async () => {
    const { call, read, ids } = await startCompany();
    const resume = { application_id: ids.applications.ada, filename: 'cv.pdf', type: 'resume' };
    const content = 'aGVsbG8=';
    expect((await call('POST', '/v3/attachments', resume)).status).toBe(422);
    expect((await call('POST', '/v3/attachments', { ...resume, content, url: 'https://example.com/cv.pdf' })).status).toBe(422);
    for (const filename of ['cv.pdf', 'cv-2.pdf']) {
      expect((await call('POST', '/v3/attachments', { ...resume, filename, content })).status).toBe(201);
    }
    expect(await read(`/v3/attachments?application_ids=${ids.applications.ada}`)).toMatchObject([{ filename: 'cv-2.pdf' }]);
  });

  test('a body that is no JSON is refused', async () => {
    const { simulator, token } = await startCompany();
    const init = { method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'text/plain' }, body: '{}' };
    expect((await simulator.api.request('/v3/notes', init)).status).toBe(422);
  });
});
