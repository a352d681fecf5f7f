import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { startCompany, toRecord } from './test-company.ts';
import type { WebhookAction } from './webhooks/actions.ts';

const URL_HERE = 'https://tagalong.example/webhooks/greenhouse/abc';
const SECRET = 'only we know';
const MINUTE_MS = 60_000;

interface Received {
  headers: Headers;
  bytes: Buffer;
  body: Record<string, unknown>;
}

/** Somebody who takes webhooks and answers with `answer.status`, or does not answer at all. */
async function startReceiver(...actions: WebhookAction[]) {
  const received: Received[] = [];
  const answer: { status: number | 'network' } = { status: 200 };
  const take: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const bytes = Buffer.from(await request.arrayBuffer());
    if (answer.status === 'network') throw new TypeError('fetch failed');
    received.push({ headers: request.headers, bytes, body: toRecord(JSON.parse(bytes.toString('utf8'))) });
    return new Response('', { status: answer.status });
  };
  const company = await startCompany({ fetch: take });
  for (const action of actions) await company.simulator.createWebhook({ action, url: URL_HERE, secret: SECRET });
  received.length = 0;
  const last = () => {
    const found = received.at(-1);
    if (!found) throw new Error('Nothing was received');
    return found;
  };
  const application = () => toRecord(toRecord(last().body.payload).application);
  return { ...company, received, answer, last, application };
}

describe('webhooks', () => {
  test('the signature is one of node:crypto over the exact bytes, in which < > & are escaped', async () => {
    const { simulator, ids, last } = await startReceiver('update_candidate');
    simulator.tag({ candidateId: ids.candidates.ada, tag: '<R&D> "é"' });
    await simulator.settle();
    const { headers, bytes } = last();
    const expected = createHmac('sha256', SECRET).update(bytes).digest('hex');
    expect(headers.get('Signature')).toBe(`sha256 ${expected}`);
    expect(bytes.toString('utf8')).toContain('\\u003cR\\u0026D\\u003e');
    expect(bytes.toString('utf8')).not.toMatch(/[<>&]/);
    const reserialised = JSON.stringify(JSON.parse(bytes.toString('utf8')));
    expect(createHmac('sha256', SECRET).update(reserialised).digest('hex')).not.toBe(expected);
  });

  test('every event has an id of its own and says it is JSON', async () => {
    const { simulator, ids, received } = await startReceiver('candidate_stage_change');
    for (const stageId of [ids.stages.backend.Assessment, ids.stages.backend.Onsite])
      simulator.move({ applicationId: ids.applications.ada, stageId });
    await simulator.settle();
    const eventIds = received.map(({ headers }) => headers.get('Greenhouse-Event-ID'));
    expect(new Set(eventIds).size).toBe(2);
    expect(received[0]?.headers.get('Content-Type')).toBe('application/json');
  });

  test('a webhook gets only its one event', async () => {
    const { simulator, ids, received } = await startReceiver('reject_candidate');
    simulator.move({ applicationId: ids.applications.ada, stageId: ids.stages.backend.Onsite });
    await simulator.settle();
    expect(received).toEqual([]);
  });

  test('creating and updating pings, and a ping that fails leaves it disabled', async () => {
    const { simulator, received, answer, ids } = await startReceiver();
    const webhook = await simulator.createWebhook({ action: 'hire_candidate', url: URL_HERE, secret: SECRET });
    expect(webhook.active).toBe(true);
    expect(received[0]?.body).toMatchObject({
      action: 'ping',
      payload: { web_hook_id: webhook.id, 'content-type': 'application/json' },
    });
    answer.status = 202;
    expect((await simulator.updateWebhook(webhook.id, { name: 'Hired' })).active).toBe(false);
    answer.status = 200;
    received.length = 0;
    simulator.hire({ applicationId: ids.applications.graceDesign });
    await simulator.settle();
    expect(received).toEqual([]);
    expect((await simulator.updateWebhook(webhook.id, {})).active).toBe(true);
  });

  test('an address without https, elsewhere than on this machine, is refused, and so is a reserved header', async () => {
    const { simulator } = await startReceiver();
    const plain = { action: 'hire_candidate' as const, secret: SECRET };
    await expect(simulator.createWebhook({ ...plain, url: 'http://tagalong.example/x' })).rejects.toThrow('https');
    await expect(simulator.createWebhook({ ...plain, url: 'nonsense' })).rejects.toThrow('url');
    const headers = { signature: 'sha256 0' };
    await expect(simulator.createWebhook({ ...plain, url: URL_HERE, headers })).rejects.toThrow('signature');
  });

  test('anything but exactly 200 is tried again: after 1, 15, 60, 120, 240 and 480 minutes, then never', async () => {
    const { simulator, ids, received, answer, wait } = await startReceiver('candidate_stage_change');
    answer.status = 202;
    simulator.move({ applicationId: ids.applications.ada, stageId: ids.stages.backend.Assessment });
    await simulator.settle();
    for (const minutes of [1, 15, 60, 120, 240, 480]) {
      wait(minutes * MINUTE_MS - 1);
      expect(await simulator.retryDue()).toBe(0);
      wait(1);
      expect(await simulator.retryDue()).toBe(1);
    }
    expect(received).toHaveLength(7);
    expect(simulator.deliveries[0]?.state).toBe('given-up');
    expect(new Set(received.map(({ headers }) => headers.get('Greenhouse-Event-ID'))).size).toBe(1);
    expect(new Set(received.map(({ bytes }) => bytes.toString())).size).toBe(1);
  });

  test('a network error is tried again, with a new event id where the company’s Greenhouse does that', async () => {
    const { simulator, ids, received, answer, wait } = await startReceiver('candidate_stage_change');
    simulator.change({ eventIdOnRetry: 'new' });
    answer.status = 'network';
    simulator.move({ applicationId: ids.applications.ada, stageId: ids.stages.backend.Assessment });
    await simulator.settle();
    const first = simulator.deliveries[0]?.eventId;
    answer.status = 200;
    wait(MINUTE_MS);
    await simulator.retryDue();
    expect(received[0]?.headers.get('Greenhouse-Event-ID')).not.toBe(first);
    expect(simulator.deliveries[0]).toMatchObject({ state: 'delivered', attempts: [{ status: null }, { status: 200 }] });
  });

  test('they can be held and sent in another order, dropped, and sent twice', async () => {
    const { simulator, ids, received } = await startReceiver('candidate_stage_change');
    const go = (stageId: number) => simulator.move({ applicationId: ids.applications.ada, stageId });
    simulator.change({ webhooks: 'hold' });
    go(ids.stages.backend.Assessment);
    go(ids.stages.backend.Onsite);
    await simulator.settle();
    expect(received).toHaveLength(0);
    expect(await simulator.releaseHeld({ newestFirst: true })).toBe(2);
    const stageOf = ({ body }: Received) => toRecord(toRecord(toRecord(body.payload).application).current_stage).name;
    expect(received.map(stageOf)).toEqual(['Onsite', 'Assessment']);
    simulator.change({ webhooks: 'drop' });
    go(ids.stages.backend.Offer);
    await simulator.settle();
    expect(received).toHaveLength(2);
    await simulator.resend(1);
    expect(received[2]?.bytes.equals(received[1]?.bytes ?? Buffer.alloc(0))).toBe(true);
  });

  test('what the API does sends webhooks too, unless the company’s Greenhouse keeps silent', async () => {
    const { simulator, ids, received, call } = await startReceiver('reject_candidate', 'unreject_candidate');
    const path = `/v3/applications/${ids.applications.ada}`;
    await call('POST', `${path}/reject`, { rejection_reason_id: ids.reasons.withdrew });
    await simulator.settle();
    expect(received.map(({ body }) => body.action)).toEqual(['reject_candidate']);
    simulator.change({ apiSendsWebhooks: false });
    await call('POST', `${path}/unreject`, {});
    await simulator.settle();
    expect(received).toHaveLength(1);
  });
});

describe('payloads', () => {
  test('a stage change names the definition, says active, has a stray space in its url and may lack a source', async () => {
    const { simulator, ids, application } = await startReceiver('candidate_stage_change');
    simulator.move({ applicationId: ids.applications.grace, stageId: ids.stages.backend.Assessment });
    await simulator.settle();
    expect(application()).toMatchObject({
      id: ids.applications.grace,
      status: 'active',
      prospect: false,
      source: null,
      current_stage: { id: ids.stages.backend.Assessment, name: 'Assessment' },
      url: `https://app.greenhouse.io/people/${ids.candidates.grace}?application_id= ${ids.applications.grace}`,
      candidate: { id: ids.candidates.grace, url: expect.any(String), tags: [] },
      jobs: [{ id: ids.jobs.backend }],
    });
  });

  test('a rejection’s candidate has no url, and its source a public_name', async () => {
    const { simulator, ids, application } = await startReceiver('reject_candidate');
    simulator.reject({ applicationId: ids.applications.ada, reasonId: ids.reasons.underqualified });
    await simulator.settle();
    expect(application()).toMatchObject({
      status: 'rejected',
      rejection_reason: { name: 'Underqualified', type: { name: 'We rejected them' } },
      source: { public_name: 'Referral' },
      current_stage: { name: 'Phone Screen' },
    });
    expect(application().candidate).not.toHaveProperty('url');
  });

  test('a hire has neither status nor stage, but an offer', async () => {
    const { simulator, ids, application } = await startReceiver('hire_candidate');
    simulator.hire({ applicationId: ids.applications.graceDesign });
    await simulator.settle();
    for (const key of ['status', 'current_stage', 'prospect', 'applied_at']) expect(application()).not.toHaveProperty(key);
    expect(application()).toMatchObject({ opening: { opening_id: 'DES-017-1' }, offer: { version: 1 } });
  });

  test('an application can be a prospect of several jobs', async () => {
    const { simulator, ids, application } = await startReceiver('new_prospect_application');
    const prospectiveJobIds = [ids.jobs.backend, ids.jobs.design];
    simulator.createApplication({ candidateId: ids.candidates.alan, prospectiveJobIds });
    await simulator.settle();
    expect(application()).toMatchObject({
      prospect: true,
      current_stage: null,
      jobs: [{ id: ids.jobs.backend }, { id: ids.jobs.design }],
    });
  });

  test('a new application brings the hiring team', async () => {
    const { simulator, ids, application } = await startReceiver('new_candidate_application');
    simulator.createApplication({ candidateId: ids.candidates.alan, jobId: ids.jobs.design });
    await simulator.settle();
    expect(application()).toMatchObject({ prospect_detail: {}, jobs: [{ url: expect.stringContaining('/sdash/') }] });
    expect(application().hiring_team).toMatchObject({ recruiters: [{ user_id: ids.users.recruiter }] });
  });

  test('unhiring and unrejecting are active again', async () => {
    const { simulator, ids, application } = await startReceiver('unhire_candidate', 'unreject_candidate');
    simulator.hire({ applicationId: ids.applications.graceDesign });
    simulator.unhire({ applicationId: ids.applications.graceDesign });
    await simulator.settle();
    expect(application()).toMatchObject({ status: 'active', current_stage: { name: 'Application Review' } });
    simulator.unreject({ applicationId: ids.applications.rejected });
    await simulator.settle();
    expect(application()).toMatchObject({ status: 'active', rejected_at: null, rejection_reason: null });
  });

  test('an edited application sends application_updated', async () => {
    const { simulator, ids, call, last, application } = await startReceiver('application_updated');
    await call('PATCH', `/v3/applications/${ids.applications.ada}`, { recruiter_id: ids.users.admin });
    await simulator.settle();
    expect(last().body.action).toBe('application_updated');
    expect(application().id).toBe(ids.applications.ada);
  });

  test('a deletion names the applications that went with it, a merge the candidate that stays', async () => {
    const { simulator, ids, received, read } = await startReceiver('delete_candidate', 'merge_candidate', 'delete_application');
    simulator.deleteCandidate({ candidateId: ids.candidates.alan });
    simulator.mergeCandidates({ keepId: ids.candidates.ada, dropId: ids.candidates.grace });
    simulator.deleteApplication({ applicationId: ids.applications.rejected });
    await simulator.settle();
    expect(received.map(({ body }) => body)).toMatchObject([
      {
        action: 'delete_candidate',
        payload: { person: { id: ids.candidates.alan, deleted_application_ids: [ids.applications.alan] } },
      },
      { action: 'merge_candidate', payload: { person: { id: ids.candidates.grace, new_candidate_id: ids.candidates.ada } } },
      {
        action: 'delete_application',
        payload: { application: { id: ids.applications.rejected, candidate_id: ids.candidates.rejected } },
      },
    ]);
    expect(await read(`/v3/applications?candidate_ids=${ids.candidates.ada}`)).toHaveLength(3);
    expect(await read(`/v3/candidates?ids=${ids.candidates.grace},${ids.candidates.alan}`)).toEqual([]);
  });

  test('an anonymised candidate keeps the id and loses the rest', async () => {
    const { simulator, ids, last, read } = await startReceiver('candidate_anonymized');
    simulator.anonymizeCandidate({ candidateId: ids.candidates.ada });
    await simulator.settle();
    expect(last().body.payload).toMatchObject({
      candidate_id: ids.candidates.ada,
      anonymized_fields: expect.arrayContaining(['full_name']),
    });
    expect(await read(`/v3/candidates?ids=${ids.candidates.ada}`)).toMatchObject([
      { first_name: null, email_addresses: [], tags: [] },
    ]);
  });

  test('a candidate of whom only some was anonymised keeps the rest, and the list says what went', async () => {
    const { simulator, ids, last, read } = await startReceiver('candidate_anonymized');
    const candidateId = ids.candidates.ada;
    simulator.tag({ candidateId, tag: 'Stays' });
    const [before] = await read(`/v3/candidates?ids=${candidateId}`);
    simulator.anonymizeCandidate({ candidateId, fields: ['notes', 'phone_numbers'] });
    await simulator.settle();
    expect(last().body.payload).toEqual({ candidate_id: candidateId, anonymized_fields: ['notes', 'phone_numbers'] });
    const { first_name, email_addresses, tags } = before ?? {};
    expect(await read(`/v3/candidates?ids=${candidateId}`)).toMatchObject([
      { first_name, email_addresses, tags, phone_numbers: [] },
    ]);
    expect(await read(`/v3/notes?candidate_ids=${candidateId}`)).toEqual([]);
    expect(() => simulator.anonymizeCandidate({ candidateId, fields: ['what_there_is_not'] })).toThrow('what_there_is_not');
  });
});
