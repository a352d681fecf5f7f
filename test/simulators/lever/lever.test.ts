import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createLeverSimulator, type LeverSimulatorOptions } from './index.ts';

const START_MS = Date.parse('2026-11-21T09:00:00Z');

/** A seeded account with a clock that the test moves and a receiver that notes what arrives and answers as told. */
function setUp(options: LeverSimulatorOptions = {}) {
  const clock = { ms: START_MS };
  const received: { url: string; headers: Headers; body: z.output<typeof envelopeSchema> }[] = [];
  const receiver = { status: 200 };
  const lever = createLeverSimulator({
    now: () => new Date(clock.ms),
    fetch: async (url, init) => {
      const request = new Request(url, init);
      received.push({ url: request.url, headers: request.headers, body: envelopeSchema.parse(await request.json()) });
      return new Response(null, { status: receiver.status });
    },
    ...options,
    settings: { rateLimit: null, ...options.settings },
  });
  const seed = lever.seed();
  const call = async (method: string, path: string, body?: unknown, secret = seed.key.secret) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const type = text === undefined ? undefined : { 'content-type': 'application/json' };
    const headers = { authorization: `Basic ${btoa(`${secret}:`)}`, ...type };
    const answer = await lever.api.request(`/v1${path}`, { method, headers, body: text });
    const raw = await answer.text();
    return { status: answer.status, headers: answer.headers, body: answerSchema.parse(raw === '' ? {} : JSON.parse(raw)) };
  };
  return { lever, seed, call, clock, received, receiver };
}

const envelopeSchema = z.looseObject({
  event: z.string(),
  triggeredAt: z.number(),
  token: z.string(),
  signature: z.string().optional(),
  data: z.record(z.string(), z.unknown()),
});
const rowSchema = z.looseObject({ id: z.string().optional() });
const answerSchema = z.looseObject({
  data: z.union([z.array(rowSchema), rowSchema]).optional(),
  hasNext: z.boolean().optional(),
  next: z.string().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
});
type Answer = z.output<typeof answerSchema>;

const rowsOf = ({ data }: Answer) => z.array(z.looseObject({})).parse(data);
const rowOf = ({ data }: Answer) => z.looseObject({}).parse(data);
const idsOf = (body: Answer) => rowsOf(body).map(({ id }) => id);

describe('API key', () => {
  test.each([
    ['no key', undefined],
    ['an unknown key', `Basic ${btoa('nobody:')}`],
    ['a bearer token', 'Bearer abc'],
  ])('%s is refused with 401', async (_name, authorization) => {
    const { lever } = setUp();
    const answer = await lever.api.request('/v1/stages', { headers: authorization ? { authorization } : {} });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({ code: expect.any(String), message: expect.any(String) });
  });

  test('a key with a password beside it is refused', async () => {
    const { lever, seed } = setUp();
    const authorization = `Basic ${btoa(`${seed.key.secret}:secret`)}`;
    expect((await lever.api.request('/v1/stages', { headers: { authorization } })).status).toBe(401);
  });

  test('a key may do only what it was given, and writing does not include reading', async () => {
    const { lever, seed, call } = setUp();
    const { secret } = lever.play.createKey({ label: 'narrow', permissions: ['notes:write', 'opportunities:read'] });
    const path = `/opportunities/${seed.opportunities.ada}`;
    expect((await call('GET', path, undefined, secret)).status).toBe(200);
    expect((await call('POST', `${path}/notes`, { value: 'Hello' }, secret)).status).toBe(201);
    expect((await call('GET', `${path}/notes`, undefined, secret)).status).toBe(403);
    expect((await call('PUT', `${path}/stage`, { stage: 'offer' }, secret)).status).toBe(403);
    expect((await call('GET', '/stages', undefined, secret)).status).toBe(403);
  });

  test('a revoked key is unknown', async () => {
    const { lever, call } = setUp();
    lever.play.revokeKey({ label: 'Tagalong' });
    expect((await call('GET', '/stages')).status).toBe(401);
  });

  test('a confidential opportunity does not exist for a key without that access', async () => {
    const { lever, seed, call } = setUp();
    const { secret } = lever.play.createKey({ label: 'open' });
    const { grace } = seed.opportunities;
    expect((await call('GET', `/opportunities/${grace}`)).status).toBe(200);
    expect((await call('GET', `/opportunities/${grace}`, undefined, secret)).status).toBe(404);
    expect((await call('POST', `/opportunities/${grace}/notes`, { value: 'x' }, secret)).status).toBe(404);
    expect((await call('GET', `/contacts/${seed.contacts.grace}`, undefined, secret)).status).toBe(404);
    const listed = await call('GET', '/opportunities?confidentiality=all', undefined, secret);
    expect(idsOf(listed.body)).not.toContain(grace);
  });
});

describe('Rate limit', () => {
  test('21 calls at once are one too many; a tenth of a second later one more goes through', async () => {
    const { call, clock } = setUp({ settings: { rateLimit: { perSecond: 10, burst: 20 } } });
    for (let i = 0; i < 20; i++) expect((await call('GET', '/stages')).status).toBe(200);
    const refused = await call('GET', '/stages');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBeNull();
    clock.ms += 100;
    expect((await call('GET', '/stages')).status).toBe(200);
    expect((await call('GET', '/stages')).status).toBe(429);
  });

  test('where that is set, no second sees more than 20, though the bucket has refilled', async () => {
    const { call, clock } = setUp({ settings: { rateLimit: { perSecond: 10, burst: 20, anySecond: 20 } } });
    for (let i = 0; i < 20; i++) expect((await call('GET', '/stages')).status).toBe(200);
    clock.ms += 900;
    expect((await call('GET', '/stages')).status).toBe(429);
    clock.ms += 1_000;
    expect((await call('GET', '/stages')).status).toBe(200);
  });

  test('each key has its own', async () => {
    const { lever, call } = setUp({ settings: { rateLimit: { perSecond: 10, burst: 1 } } });
    const { secret } = lever.play.createKey({ label: 'second' });
    await call('GET', '/stages');
    expect((await call('GET', '/stages')).status).toBe(429);
    expect((await call('GET', '/stages', undefined, secret)).status).toBe(200);
  });
});

describe('Listing opportunities', () => {
  test('hides confidential ones unless asked for all', async () => {
    const { seed, call } = setUp();
    expect(idsOf((await call('GET', '/opportunities')).body)).not.toContain(seed.opportunities.grace);
    expect(idsOf((await call('GET', '/opportunities?confidentiality=all')).body)).toHaveLength(9);
    expect(idsOf((await call('GET', '/opportunities?confidentiality=confidential')).body)).toEqual([seed.opportunities.grace]);
  });

  test('pages with an offset that arrives percent-encoded, and next is absent at the end', async () => {
    const { call } = setUp();
    const first = (await call('GET', '/opportunities?limit=5')).body;
    expect(first.hasNext).toBe(true);
    expect(first.next).toMatch(/^%5B\d+%2C\d+%2C%22/);
    const decoded = decodeURIComponent(first.next ?? '');
    const second = (await call('GET', `/opportunities?${new URLSearchParams({ limit: '5', offset: decoded })}`)).body;
    expect(second).toMatchObject({ hasNext: false });
    expect(second).not.toHaveProperty('next');
    expect(new Set([...idsOf(first), ...idsOf(second)]).size).toBe(8);
  });

  test('an offset encoded twice is refused, unless this Lever is set to understand it', async () => {
    const { lever, call } = setUp();
    const { next } = (await call('GET', '/opportunities?limit=5')).body;
    const twice = `/opportunities?${new URLSearchParams({ limit: '5', offset: next ?? '' })}`;
    expect((await call('GET', twice)).body).toMatchObject({ message: 'Invalid offset token' });
    lever.direct.configure({ acceptDoubleEncodedOffset: true });
    expect((await call('GET', twice)).status).toBe(200);
  });

  test('a repeated filter is a union, different filters must all fit', async () => {
    const { seed, call } = setUp();
    const { phoneScreen, onsite } = seed.stages;
    const both = await call('GET', `/opportunities?stage_id=${phoneScreen}&stage_id=${onsite}`);
    expect(idsOf(both.body)).toHaveLength(5);
    const tagged = await call('GET', `/opportunities?stage_id=${phoneScreen}&stage_id=${onsite}&tag=Senior%20SWE`);
    expect(idsOf(tagged.body)).toHaveLength(3);
    expect(idsOf((await call('GET', '/opportunities?tag=senior%20swe')).body)).toEqual([]);
  });

  test('finds by contact, posting, e-mail in any case, archive reason and archived state', async () => {
    const { lever, seed, call } = setUp();
    const { elenaBackend, elenaData, ben } = seed.opportunities;
    lever.play.archive({ opportunityId: ben, reasonId: seed.reasons.withdrew });
    const ids = async (query: string) => idsOf((await call('GET', `/opportunities?${query}`)).body).toSorted();
    expect(await ids(`contact_id=${seed.contacts.elena}`)).toEqual([elenaBackend, elenaData].toSorted());
    expect(await ids(`contact_id=${seed.contacts.elena}&posting_id=${seed.postings.data}`)).toEqual([elenaData]);
    expect(await ids('email=ELENA.Petrova@mail.example')).toEqual([elenaBackend, elenaData].toSorted());
    expect(await ids(`archive_reason_id=${seed.reasons.withdrew}`)).toEqual([ben]);
    expect(await ids(`archived_posting_id=${seed.postings.backend}`)).toEqual([ben]);
    expect(await ids('archived=true')).toEqual([ben]);
    expect(await ids('archived=false')).not.toContain(ben);
  });

  test('finds what was advanced or archived since, both ends included', async () => {
    const { lever, seed, call, clock } = setUp();
    clock.ms += 60_000;
    lever.play.move({ opportunityId: seed.opportunities.ben, stageId: seed.stages.assessment });
    lever.play.archive({ opportunityId: seed.opportunities.ada, reasonId: seed.reasons.underqualified });
    const ids = async (query: string) => idsOf((await call('GET', `/opportunities?${query}`)).body);
    expect(await ids(`advanced_at_start=${clock.ms}`)).toEqual([seed.opportunities.ben]);
    expect(await ids(`archived_at_start=${clock.ms}&archived_at_end=${clock.ms}`)).toEqual([seed.opportunities.ada]);
    expect(await ids(`archived_at_start=${clock.ms + 1}`)).toEqual([]);
  });

  test('updatedAt stays null for moves, so a sync by it finds nothing', async () => {
    const { lever, seed, call } = setUp();
    lever.play.move({ opportunityId: seed.opportunities.ben, stageId: seed.stages.assessment });
    expect(idsOf((await call('GET', '/opportunities?updated_at_start=0')).body)).toEqual([]);
    expect(rowOf((await call('GET', `/opportunities/${seed.opportunities.ben}`)).body).updatedAt).toBeNull();
  });

  test.each(['limit=0', 'limit=101', 'limit=x', 'stage=offer', 'archived=yes', 'advanced_at_start=2026-11-21', 'expand=notes'])(
    '?%s is refused',
    async (query) => {
      const { call } = setUp();
      expect((await call('GET', `/opportunities?${query}`)).status).toBe(400);
    },
  );

  test('an expanded id becomes an object under the same key', async () => {
    const { seed, call } = setUp();
    const { ada } = seed.opportunities;
    const query = 'expand=applications&expand=stage&expand=owner&expand=contact';
    const row = rowOf((await call('GET', `/opportunities/${ada}?${query}`)).body);
    expect(row).toMatchObject({
      stage: { id: seed.stages.phoneScreen, text: 'Phone screen' },
      owner: { id: seed.users.teamMember, name: 'Marcus Oyelaran' },
      contact: { id: seed.contacts.ada, emails: ['ada.moreno@mail.example'] },
      applications: [{ type: 'posting', candidateId: ada, opportunityId: ada, posting: seed.postings.backend }],
      followers: [seed.users.teamMember],
    });
  });

  test('the company has an empty name, an empty e-mail list, two opportunities of one contact and inherited tags', async () => {
    const { seed, call } = setUp();
    const read = async (id: string) => rowOf((await call('GET', `/opportunities/${id}`)).body);
    expect(await read(seed.opportunities.nameless)).toMatchObject({ name: '', emails: ['applicant.4471@mail.example'] });
    expect(await read(seed.opportunities.dmitri)).toMatchObject({ name: 'Dmitri Volkov', emails: [] });
    expect((await read(seed.opportunities.elenaData)).contact).toBe((await read(seed.opportunities.elenaBackend)).contact);
    expect((await read(seed.opportunities.ada)).tags).toEqual(
      expect.arrayContaining(['Senior SWE', 'Senior Backend Engineer', 'Platform', 'Berlin']),
    );
    expect(await read(seed.opportunities.grace)).not.toHaveProperty('opportunityLocation');
  });

  test('a deleted opportunity is gone and stands in the deleted list', async () => {
    const { lever, seed, call, clock } = setUp();
    const { ben } = seed.opportunities;
    lever.play.deleteOpportunity({ opportunityId: ben, userId: seed.users.admin });
    expect((await call('GET', `/opportunities/${ben}`)).body).toMatchObject({ code: 'ResourceNotFound' });
    const deleted = await call('GET', `/opportunities/deleted?deleted_at_start=${clock.ms}`);
    expect(rowsOf(deleted.body)).toEqual([
      expect.objectContaining({ id: ben, deletedBy: seed.users.admin, deletedAt: clock.ms }),
    ]);
    expect(idsOf((await call('GET', `/opportunities/deleted?deleted_at_end=${clock.ms - 1}`)).body)).toEqual([]);
  });
});

describe('Writing to an opportunity', () => {
  const emptied = { name: '', headline: '', emails: [], phones: [] };

  test('the answer of a write has name, headline, e-mails and phones emptied; reading again has them', async () => {
    const { seed, call } = setUp();
    const path = `/opportunities/${seed.opportunities.ada}`;
    const answers = [
      await call('PUT', `${path}/stage`, { stage: seed.stages.assessment }),
      await call('POST', `${path}/addTags`, { tags: ['new tag'] }),
      await call('POST', `${path}/addSources`, { sources: ['Meetup'] }),
      await call('PUT', `${path}/archived`, { reason: seed.reasons.withdrew }),
    ];
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(rowOf(body)).toMatchObject(emptied);
      expect(rowOf(body)).not.toHaveProperty('opportunityLocation');
    }
    expect(rowOf((await call('GET', path)).body)).toMatchObject({
      name: 'Ada Moreno',
      emails: ['ada.moreno@mail.example'],
      opportunityLocation: 'Berlin',
      stage: seed.stages.assessment,
      archived: { reason: seed.reasons.withdrew },
    });
  });

  test('a move appends to the stage history with rank, time and the user it is attributed to', async () => {
    const { seed, call, clock } = setUp();
    const path = `/opportunities/${seed.opportunities.ada}`;
    clock.ms += 5000;
    await call('PUT', `${path}/stage?perform_as=${seed.users.interviewer}`, { stage: seed.stages.onsite });
    const { stageChanges } = z.looseObject({ stageChanges: z.array(z.unknown()) }).parse(rowOf((await call('GET', path)).body));
    expect(stageChanges).toHaveLength(2);
    expect(stageChanges.at(-1)).toEqual({
      toStageId: seed.stages.onsite,
      toStageIndex: 6,
      updatedAt: clock.ms,
      userId: seed.users.interviewer,
    });
  });

  test('moving an archived opportunity leaves it archived; reason null unarchives', async () => {
    const { lever, seed, call } = setUp();
    const path = `/opportunities/${seed.opportunities.ada}`;
    lever.play.archive({ opportunityId: seed.opportunities.ada, reasonId: seed.reasons.withdrew });
    expect(rowOf((await call('PUT', `${path}/stage`, { stage: 'offer' })).body).archived).not.toBeNull();
    expect(rowOf((await call('PUT', `${path}/archived`, { reason: null })).body).archived).toBeNull();
  });

  test('tags are case-sensitive, unknown ones are made, one given twice stands once', async () => {
    const { seed, call } = setUp();
    const path = `/opportunities/${seed.opportunities.dmitri}`;
    await call('POST', `${path}/addTags`, { tags: ['senior swe', 'Senior SWE'] });
    await call('POST', `${path}/removeTags`, { tags: ['Senior SWE'] });
    const { tags } = rowOf((await call('GET', path)).body);
    expect(tags).toContain('senior swe');
    expect(tags).not.toContain('Senior SWE');
    expect(rowsOf((await call('GET', '/tags')).body)).toContainEqual({ text: 'senior swe', count: 1 });
  });

  test('links are shared by all opportunities of a contact, and that answer is filled', async () => {
    const { seed, call } = setUp();
    const { elenaBackend, elenaData } = seed.opportunities;
    const added = await call('POST', `/opportunities/${elenaBackend}/addLinks`, { links: ['https://tests.example/1'] });
    expect(rowOf(added.body)).toMatchObject({ name: 'Elena Petrova' });
    expect(rowOf((await call('GET', `/opportunities/${elenaData}`)).body).links).toEqual(['https://tests.example/1']);
    await call('POST', `/opportunities/${elenaData}/removeLinks`, { links: ['https://tests.example/1'] });
    expect(rowOf((await call('GET', `/opportunities/${elenaBackend}`)).body).links).toEqual([]);
  });

  test.each([
    ['an unknown key', 'PUT', 'stage', { stage: 'offer', note: 'x' }],
    ['perform_as in the body', 'PUT', 'stage', { stage: 'offer', perform_as: 'someone' }],
    ['an unknown stage', 'PUT', 'stage', { stage: 'screening' }],
    ['an unknown reason', 'PUT', 'archived', { reason: 'because' }],
    ['no reason at all', 'PUT', 'archived', {}],
    ['no tags', 'POST', 'addTags', { tags: [] }],
    ['a tag alone', 'POST', 'addTags', { tag: 'x' }],
    ['an empty note', 'POST', 'notes', { value: '' }],
    ['a score out of range', 'POST', 'notes', { value: 'x', score: 5 }],
    ['a note from the future', 'POST', 'notes', { value: 'x', createdAt: START_MS + 1 }],
    ['no body', 'POST', 'notes', undefined],
    ['an unknown query parameter', 'PUT', 'stage?stage=offer', { stage: 'offer' }],
  ])('%s is refused with 400 and nothing changes', async (_name, method, path, body) => {
    const { lever, seed, call } = setUp();
    const before = structuredClone(lever.account.opportunities.get(seed.opportunities.ada));
    const answer = await call(method, `/opportunities/${seed.opportunities.ada}/${path}`, body);
    expect(answer).toMatchObject({ status: 400, body: { code: expect.any(String), message: expect.any(String) } });
    expect(lever.account.opportunities.get(seed.opportunities.ada)).toEqual(before);
  });

  test('perform_as names a user of the account, of any role, also a deactivated one; another is refused', async () => {
    const { seed, call } = setUp();
    const path = (user: string) => `/opportunities/${seed.opportunities.ada}/notes?perform_as=${user}`;
    expect((await call('POST', path(seed.users.interviewer), { value: 'x' })).status).toBe(201);
    expect((await call('POST', path(seed.users.deactivated), { value: 'x' })).status).toBe(201);
    expect((await call('POST', path('nobody'), { value: 'x' })).status).toBe(400);
  });

  test('a stage is changed by PUT only', async () => {
    const { seed, call } = setUp();
    expect((await call('POST', `/opportunities/${seed.opportunities.ada}/stage`, { stage: 'offer' })).status).toBe(405);
  });

  test('a body that is not called JSON is refused', async () => {
    const { lever, seed } = setUp();
    const headers = { authorization: `Basic ${btoa(`${seed.key.secret}:`)}`, 'content-type': 'text/plain' };
    const path = `/v1/opportunities/${seed.opportunities.ada}/notes`;
    expect((await lever.api.request(path, { method: 'POST', headers, body: '{"value":"x"}' })).status).toBe(400);
  });
});

describe('Notes', () => {
  test('a note posted twice stands twice, its text in the fields, its author the one named', async () => {
    const { seed, call, clock } = setUp();
    const path = `/opportunities/${seed.opportunities.ada}/notes`;
    const first = await call('POST', `${path}?perform_as=${seed.users.admin}`, { value: 'Sent' });
    expect(rowOf(first.body)).toMatchObject({
      noteId: rowOf(first.body).id,
      text: 'Note',
      user: seed.users.admin,
      secret: false,
      createdAt: clock.ms,
      fields: [
        { type: 'note', text: 'Comment', value: 'Sent', score: null, stage: seed.stages.phoneScreen, user: seed.users.admin },
      ],
    });
    await call('POST', path, { value: 'Sent' });
    const listed = rowsOf((await call('GET', path)).body);
    expect(listed).toHaveLength(3);
    expect(listed[0]).not.toHaveProperty('noteId');
  });

  test('a comment joins a thread, a change replaces the whole thread and marks the opportunity as updated', async () => {
    const { seed, call, clock } = setUp();
    const path = `/opportunities/${seed.opportunities.ada}/notes`;
    const { noteId } = rowOf((await call('POST', path, { value: 'Sent' })).body);
    await call('POST', `${path}?note_id=${noteId}`, { value: 'Opened' });
    expect(rowOf((await call('GET', `${path}/${noteId}`)).body).fields).toHaveLength(2);
    expect(rowOf((await call('PUT', `${path}/${noteId}`, { values: [{ value: 'Scored' }] })).body)).toEqual({ noteId });
    expect(rowOf((await call('GET', `${path}/${noteId}`)).body).fields).toEqual([expect.objectContaining({ value: 'Scored' })]);
    expect(rowOf((await call('GET', `/opportunities/${seed.opportunities.ada}`)).body).updatedAt).toBe(clock.ms);
  });

  test('a note typed in Lever can be read, but neither changed nor deleted', async () => {
    const { lever, seed, call } = setUp();
    const { id } = lever.play.writeNote({ opportunityId: seed.opportunities.ben, text: 'Called him' });
    const path = `/opportunities/${seed.opportunities.ben}/notes/${id}`;
    expect((await call('GET', path)).status).toBe(200);
    expect((await call('PUT', path, { values: [{ value: 'x' }] })).status).toBe(403);
    expect((await call('DELETE', path)).status).toBe(403);
  });

  test('a note made through the API can be deleted, and only under its own opportunity', async () => {
    const { seed, call } = setUp();
    const path = `/opportunities/${seed.opportunities.ben}/notes`;
    const { noteId } = rowOf((await call('POST', path, { value: 'x' })).body);
    expect((await call('DELETE', `/opportunities/${seed.opportunities.ada}/notes/${noteId}`)).status).toBe(404);
    expect((await call('DELETE', `${path}/${noteId}`)).status).toBe(204);
    expect((await call('GET', `${path}/${noteId}`)).status).toBe(404);
  });
});

describe('Reference data', () => {
  test('built-in stages have words for ids, own ones have UUIDs, in pipeline order', async () => {
    const { seed, call } = setUp();
    expect(rowsOf((await call('GET', '/stages')).body)).toEqual([
      { id: 'lead-new', text: 'New lead' },
      { id: 'lead-reached-out', text: 'Reached out' },
      { id: 'lead-responded', text: 'Responded' },
      { id: 'applicant-new', text: 'New applicant' },
      { id: seed.stages.phoneScreen, text: 'Phone screen' },
      { id: seed.stages.assessment, text: 'Assessment' },
      { id: seed.stages.onsite, text: 'Onsite' },
      { id: 'offer', text: 'Offer' },
    ]);
    expect((await call('GET', '/stages/gone')).body).toEqual({ code: 'ResourceNotFound', message: 'stages gone was not found' });
  });

  test('the one hired reason arrives as an object, two as a list', async () => {
    const { lever, seed, call } = setUp();
    expect(rowOf((await call('GET', '/archive_reasons?type=hired')).body)).toMatchObject({
      id: seed.reasons.hired,
      type: 'hired',
    });
    expect(rowsOf((await call('GET', '/archive_reasons?type=non-hired')).body)).toHaveLength(4);
    lever.play.createArchiveReason({ text: 'Hired elsewhere in the group', type: 'hired' });
    expect(rowsOf((await call('GET', '/archive_reasons?type=hired')).body)).toHaveLength(2);
  });

  test('users are found by e-mail; deactivated ones only when asked for', async () => {
    const { seed, call } = setUp();
    const email = encodeURIComponent('Joan.Perry@meridianlabs.example');
    expect(idsOf((await call('GET', `/users?email=${email}`)).body)).toEqual([]);
    expect(idsOf((await call('GET', `/users?email=${email}&includeDeactivated=true`)).body)).toEqual([seed.users.deactivated]);
    expect(idsOf((await call('GET', '/users?accessRole=interviewer')).body)).toEqual([seed.users.interviewer]);
  });

  test('postings carry their title as text; a contact can be changed', async () => {
    const { seed, call } = setUp();
    expect(rowOf((await call('GET', `/postings/${seed.postings.data}`)).body).text).toBe('Data Scientist');
    await call('PUT', `/contacts/${seed.contacts.dmitri}`, { emails: ['dmitri@mail.example'] });
    expect(rowOf((await call('GET', `/opportunities/${seed.opportunities.dmitri}`)).body).emails).toEqual([
      'dmitri@mail.example',
    ]);
  });

  test('renaming a posting rewrites the inherited tag and puts it last', async () => {
    const { lever, seed, call } = setUp();
    lever.play.renamePosting({ postingId: seed.postings.backend, text: 'Backend Engineer II' });
    const tags = z.array(z.string()).parse(rowOf((await call('GET', `/opportunities/${seed.opportunities.ada}`)).body).tags);
    expect(tags.at(-1)).toBe('Backend Engineer II');
    expect(tags).not.toContain('Senior Backend Engineer');
  });
});

describe('Postings, users and what a company makes itself', () => {
  test('postings are found by state, channel and time; what cannot be combined is refused', async () => {
    const { seed, lever, call, clock } = setUp();
    const closed = lever.account.postings.get(seed.postings.data);
    if (closed) closed.state = 'closed';
    expect(idsOf((await call('GET', '/postings?state=closed')).body)).toEqual([seed.postings.data]);
    expect(idsOf((await call('GET', '/postings?distributionChannel=public')).body)).toEqual([seed.postings.backend]);
    clock.ms += 60_000;
    lever.play.renamePosting({ postingId: seed.postings.backend, text: 'Backend Engineer' });
    const since = `/postings?updated_at_start=${clock.ms}`;
    expect(idsOf((await call('GET', `${since}&confidentiality=all`)).body)).toEqual([seed.postings.backend]);
    expect((await call('GET', `${since}&state=closed`)).status).toBe(400);
    expect((await call('GET', '/postings?state=open')).status).toBe(400);
    expect((await call('GET', '/postings?expand=stage')).status).toBe(400);
    const expanded = await call('GET', `/postings/${seed.postings.backend}?expand=owner`);
    expect(rowOf(expanded.body)).toMatchObject({ owner: { id: seed.users.teamMember }, user: seed.users.teamMember });
  });

  test('a role of the company’s own is named by its id', async () => {
    const { lever, call } = setUp();
    const accessRole = '5b2f1a9f-0a10-4c9f-8c0d-4c1f4b571a7f';
    const { id } = lever.play.createUser({ name: 'Ines Roy', email: 'ines.roy@meridianlabs.example', accessRole });
    expect(idsOf((await call('GET', `/users?accessRole=${accessRole}`)).body)).toEqual([id]);
  });

  test('stages and reasons are told once more together', async () => {
    const { call } = setUp();
    const { stages, archiveReasons } = rowOf((await call('GET', '/disposition_stages')).body);
    expect(
      z
        .array(z.looseObject({ pipeline: z.string() }))
        .parse(stages)
        .map(({ pipeline }) => pipeline),
    ).toEqual([...['lead', 'lead', 'lead', 'applicant', 'screen', 'screen', 'screen', 'offer']]);
    expect(archiveReasons).toHaveLength(5);
  });
});

describe('Feedback and files', () => {
  test('feedback is changed in somebody’s name, and that answer has other keys', async () => {
    const { lever, seed, call } = setUp();
    const { id, fields } = lever.play.createFeedbackTemplate({ text: 'Assessment result' });
    const path = `/opportunities/${seed.opportunities.ada}/feedback`;
    const asAdmin = `?perform_as=${seed.users.admin}`;
    const value = (text: string) => [{ id: fields[0]?.id, value: text }];
    const made = await call('POST', `${path}${asAdmin}`, { baseTemplateId: id, fieldValues: value('3 - Hire') });
    const own = `${path}/${rowOf(made.body).id}`;
    expect((await call('PUT', own, { fieldValues: value('4 - Strong Hire') })).status).toBe(400);
    expect((await call('PUT', `${own}${asAdmin}`, { fieldValues: value('Great') })).status).toBe(400);
    const changed = await call('PUT', `${own}${asAdmin}`, { fieldValues: value('4 - Strong Hire') });
    expect(rowOf(changed.body)).toMatchObject({ userId: seed.users.admin, isCompleted: true, fields: [{ type: 'score' }, {}] });
    expect((await call('PUT', `${path}/unknown${asAdmin}`, {})).body).toMatchObject({ code: 'ResourceNotFound' });
  });

  test('templates have rights of their own, and only those made through the API are deleted through it', async () => {
    const { lever, seed, call } = setUp();
    const { id } = lever.play.createFeedbackTemplate({ text: 'Assessment result' });
    const { secret } = lever.play.createKey({ label: 'narrow', permissions: ['feedback:read', 'feedback:write'] });
    expect((await call('GET', '/feedback_templates', undefined, secret)).status).toBe(403);
    expect((await call('GET', `/opportunities/${seed.opportunities.ada}/feedback`, undefined, secret)).status).toBe(200);
    expect((await call('DELETE', `/feedback_templates/${id}`)).status).toBe(403);
  });

  test('a file of nothing, or with more beside it, is refused', async () => {
    const { lever, seed } = setUp();
    const upload = (bytes: number[], more: Record<string, string> = {}) => {
      const body = new FormData();
      body.append('file', new File([new Uint8Array(bytes)], 'report.pdf'));
      for (const [name, value] of Object.entries(more)) body.append(name, value);
      const headers = { authorization: `Basic ${btoa(`${seed.key.secret}:`)}` };
      const path = `/v1/opportunities/${seed.opportunities.ada}/files?perform_as=${seed.users.admin}`;
      return lever.api.request(path, { method: 'POST', headers, body });
    };
    expect((await upload([])).status).toBe(400);
    expect((await upload([1], { perform_as: seed.users.admin })).status).toBe(400);
    expect((await upload([1])).status).toBe(201);
  });

  test('feedback needs perform_as and option texts to the letter', async () => {
    const { seed, call } = setUp();
    const options = [{ text: '1 - Strong No Hire' }, { text: '4 - Strong Hire' }];
    const rating = { type: 'score-system', text: 'Rating', required: true, options };
    expect((await call('POST', '/feedback_templates', { text: 'Test', fields: [] })).status).toBe(400);
    const template = rowOf((await call('POST', '/feedback_templates', { text: 'Test', fields: [rating] })).body);
    const [field] = z.array(z.looseObject({ id: z.string() })).parse(template.fields);
    const path = `/opportunities/${seed.opportunities.ada}/feedback`;
    const body = (value: string) => ({ baseTemplateId: template.id, fieldValues: [{ id: field?.id, value }] });
    expect((await call('POST', path, body('4 - Strong Hire'))).status).toBe(400);
    const asAdmin = `${path}?perform_as=${seed.users.admin}`;
    expect((await call('POST', asAdmin, body('Strong Hire'))).status).toBe(400);
    expect((await call('POST', asAdmin, { ...body('4 - Strong Hire'), panel: 'p' })).status).toBe(400);
    const made = await call('POST', asAdmin, body('4 - Strong Hire'));
    expect(rowOf(made.body)).toMatchObject({ user: seed.users.admin, fields: [{ value: '4 - Strong Hire' }] });
  });

  test('files need perform_as and a known type, and come back byte by byte', async () => {
    const { lever, seed } = setUp();
    const path = `/v1/opportunities/${seed.opportunities.ada}/files`;
    const upload = (name: string, query: string) => {
      const body = new FormData();
      body.append('file', new File([new Uint8Array([0, 255, 7])], name));
      const headers = { authorization: `Basic ${btoa(`${seed.key.secret}:`)}` };
      return lever.api.request(`${path}${query}`, { method: 'POST', headers, body });
    };
    const query = `?perform_as=${seed.users.admin}`;
    expect((await upload('report.pdf', '')).status).toBe(400);
    expect((await upload('report.exe', query)).status).toBe(400);
    const made = await upload('report.pdf', query);
    expect(made.status).toBe(201);
    const { data } = z.object({ data: z.looseObject({ id: z.string() }) }).parse(await made.json());
    expect(data).toMatchObject({ ext: 'pdf', size: '3', status: 'processed' });
    const headers = { authorization: `Basic ${btoa(`${seed.key.secret}:`)}` };
    const bytes = await (await lever.api.request(`${path}/${data.id}/download`, { headers })).arrayBuffer();
    expect([...new Uint8Array(bytes)]).toEqual([0, 255, 7]);
  });
});

describe('Webhooks through the API', () => {
  const url = 'https://tagalong.example/hooks/1';

  test('the signature token is told once, and nothing is sent before the event is switched on', async () => {
    const { lever, seed, call, received } = setUp();
    const made = await call('POST', '/webhooks', { url, event: 'candidateStageChange' });
    expect(made.status).toBe(201);
    expect(rowOf(made.body).configuration).toEqual({
      conditions: { origins: ['agency', 'applied', 'internal', 'referred', 'sourced', 'university'] },
      signatureToken: expect.stringMatching(/^[0-9a-f]{48}$/),
    });
    const listed = (await call('GET', '/webhooks')).body;
    expect(JSON.stringify(listed)).not.toContain('signatureToken');
    expect(listed).not.toHaveProperty('hasNext');
    lever.play.move({ opportunityId: seed.opportunities.ada, stageId: 'offer' });
    await lever.settle();
    expect(received).toEqual([]);
    lever.play.switchEvent({ event: 'candidateStageChange', on: true });
    lever.play.move({ opportunityId: seed.opportunities.ada, stageId: seed.stages.onsite });
    await lever.settle();
    expect(received).toHaveLength(1);
  });

  test('they are changed in bulk only, and the same pair of event and address may stand twice', async () => {
    const { call } = setUp();
    const body = { url, event: 'candidateArchiveChange' };
    const { id } = rowOf((await call('POST', '/webhooks', body)).body);
    expect((await call('POST', '/webhooks', body)).status).toBe(201);
    expect((await call('PUT', `/webhooks/${id}`, { url })).status).toBe(404);
    const changed = await call('PUT', '/webhooks/', {
      data: [{ id, url: `${url}/new`, configuration: { conditions: { origins: ['applied'] } } }],
    });
    expect(rowsOf(changed.body)).toMatchObject([
      { id, url: `${url}/new`, configuration: { conditions: { origins: ['applied'] } } },
    ]);
    expect((await call('DELETE', `/webhooks/${id}`)).status).toBe(204);
    expect(rowsOf((await call('GET', '/webhooks')).body)).toHaveLength(1);
  });

  test.each([
    ['plain http', { url: 'http://tagalong.example', event: 'candidateHired' }],
    ['a name that only some code uses', { url, event: 'candidateHire' }],
    [
      'an origin condition on candidateDeleted',
      { url, event: 'candidateDeleted', configuration: { conditions: { origins: ['applied'] } } },
    ],
    ['a stage condition', { url, event: 'candidateStageChange', configuration: { conditions: { stages: ['offer'] } } }],
  ])('%s is refused', async (_name, body) => {
    const { call } = setUp();
    expect((await call('POST', '/webhooks', body)).status).toBe(400);
  });

  test('a webhook of the UI cannot be changed or deleted here', async () => {
    const { lever, call } = setUp();
    const { id } = lever.play.addWebhook({ event: 'candidateHired', url });
    expect((await call('DELETE', `/webhooks/${id}`)).status).toBe(403);
    expect((await call('PUT', '/webhooks', { data: [{ id, url }] })).status).toBe(403);
  });
});

describe('Deliveries', () => {
  const withHook = (
    event: Parameters<ReturnType<typeof setUp>['lever']['play']['addWebhook']>[0]['event'],
    options?: LeverSimulatorOptions,
  ) => {
    const world = setUp(options);
    const hook = world.lever.play.addWebhook({ event, url: 'https://tagalong.example/hooks/1' });
    const move = async (stageId: string) => {
      world.lever.play.move({ opportunityId: world.seed.opportunities.ada, stageId });
      await world.lever.settle();
    };
    return { ...world, hook, move };
  };

  test('everything stands in the body: ids only, no id of its own, and a signature over token and time', async () => {
    const { seed, received, hook, clock, move } = withHook('candidateStageChange');
    await move(seed.stages.assessment);
    const [{ headers, body }] = z.tuple([z.custom<(typeof received)[number]>()]).parse(received);
    expect(Object.keys(body).sort()).toEqual(['data', 'event', 'signature', 'token', 'triggeredAt']);
    expect(body.data).toEqual({
      opportunityId: seed.opportunities.ada,
      candidateId: seed.opportunities.ada,
      contactId: seed.contacts.ada,
      fromStageId: seed.stages.phoneScreen,
      toStageId: seed.stages.assessment,
    });
    expect(body.triggeredAt).toBe(clock.ms);
    const expected = createHmac('sha256', hook.signatureToken ?? '')
      .update(body.token + String(body.triggeredAt))
      .digest('hex');
    expect(body.signature).toBe(expected);
    expect(headers.get('user-agent')).toBe('Lever-Webhooks');
    expect([...headers.keys()].filter((name) => name.includes('signature'))).toEqual([]);
  });

  test('what the API changes is told too', async () => {
    const { lever, seed, call, received } = withHook('candidateStageChange');
    await call('PUT', `/opportunities/${seed.opportunities.ada}/stage`, { stage: 'offer' });
    await call('PUT', `/opportunities/${seed.opportunities.ada}/stage`, { stage: 'offer' });
    await lever.settle();
    expect(received.map(({ body }) => body.data.toStageId)).toEqual(['offer']);
  });

  test('hiring tells the archive change and the hire; unarchiving has toArchived null', async () => {
    const { lever, seed, received } = withHook('candidateHired');
    lever.play.addWebhook({ event: 'candidateArchiveChange', url: 'https://tagalong.example/hooks/2' });
    lever.play.hire({ opportunityId: seed.opportunities.ada });
    lever.play.unarchive({ opportunityId: seed.opportunities.ada });
    await lever.settle();
    expect(received.map(({ body }) => body.event)).toEqual([
      'candidateArchiveChange',
      'candidateHired',
      'candidateArchiveChange',
    ]);
    expect(received[0]?.body.data).toMatchObject({ fromArchived: null, toArchived: { reason: seed.reasons.hired } });
    expect(received[2]?.body.data).toMatchObject({ fromArchived: { reason: seed.reasons.hired }, toArchived: null });
  });

  test('deletion, applications and contact changes are told; leads, tags and notes are not', async () => {
    const { lever, seed, call, received } = withHook('candidateDeleted');
    for (const event of ['applicationCreated', 'contactUpdated', 'contactCreated'] as const) {
      lever.play.addWebhook({ event, url: 'https://tagalong.example/hooks/3' });
    }
    const { id: contactId } = lever.play.createContact({ name: 'Ivo Lang' });
    lever.play.createOpportunity({ contactId, stageId: 'lead-new', origin: 'sourced' });
    lever.play.createOpportunity({ contactId, postingId: seed.postings.data });
    lever.play.changeContact({ contactId, emails: ['ivo@mail.example'] });
    lever.play.tag({ opportunityId: seed.opportunities.ben, tags: ['Senior SWE'] });
    await call('POST', `/opportunities/${seed.opportunities.ben}/notes`, { value: 'x' });
    lever.play.deleteOpportunity({ opportunityId: seed.opportunities.ben });
    await lever.settle();
    expect(received.map(({ body }) => body.event)).toEqual([
      'contactCreated',
      'applicationCreated',
      'contactUpdated',
      'candidateDeleted',
    ]);
    expect(received[2]?.body.data).toEqual({ contactId });
  });

  test('an origin condition keeps the others away', async () => {
    const { lever, seed, received } = setUp();
    lever.play.addWebhook({ event: 'candidateStageChange', url: 'https://tagalong.example/1', origins: ['sourced'] });
    lever.play.move({ opportunityId: seed.opportunities.ada, stageId: 'offer' });
    lever.play.move({ opportunityId: seed.opportunities.grace, stageId: 'offer' });
    await lever.settle();
    expect(received.map(({ body }) => body.data.opportunityId)).toEqual([seed.opportunities.grace]);
  });

  test.each([301, 302, 400, 500])(
    'an answer %i is a failure and is tried five times more, waiting longer and longer',
    async (status) => {
      const { lever, seed, clock, received, receiver, move } = withHook('candidateStageChange');
      receiver.status = status;
      await move(seed.stages.assessment);
      expect(await lever.direct.retryDue()).toBe(0);
      const waits: number[] = [];
      for (let next = lever.deliveries()[0]?.nextAttemptAtMs; next; next = lever.deliveries()[0]?.nextAttemptAtMs) {
        waits.push(next - clock.ms);
        clock.ms = next;
        expect(await lever.direct.retryDue()).toBe(1);
      }
      expect(waits).toHaveLength(5);
      expect(waits).toEqual(waits.toSorted((a, b) => a - b));
      expect(received).toHaveLength(6);
      expect(lever.deliveries()[0]?.state).toBe('given-up');
      expect(new Set(received.map(({ body }) => body.token)).size).toBe(1);
    },
  );

  test.each([200, 201, 204])('an answer %i is a success', async (status) => {
    const { lever, seed, receiver, move } = withHook('candidateStageChange');
    receiver.status = status;
    await move(seed.stages.assessment);
    expect(lever.deliveries()).toMatchObject([{ state: 'delivered', attempts: [{ status }] }]);
  });

  test('a retry may also come with a new token and time, signed anew', async () => {
    const { lever, seed, clock, hook, received, receiver, move } = withHook('candidateStageChange', {
      settings: { retryReusesToken: false, envelopeId: true },
    });
    receiver.status = 503;
    await move(seed.stages.assessment);
    clock.ms += 1000;
    await lever.direct.retryDue({ ignoreWaits: true });
    const [first, second] = received.map(({ body }) => body);
    expect(second?.token).not.toBe(first?.token);
    expect(second?.id).toBe(first?.id);
    const message = `${second?.token}${clock.ms}`;
    expect(second?.signature).toBe(
      createHmac('sha256', hook.signatureToken ?? '')
        .update(message)
        .digest('hex'),
    );
  });

  test('verify connection sends candidateHired with empty data and is not tried again', async () => {
    const { lever, received, receiver, hook } = withHook('candidateArchiveChange');
    receiver.status = 401;
    const delivery = await lever.direct.verifyConnection({ webhookId: hook.id });
    expect(received[0]?.body).toMatchObject({ event: 'candidateHired', data: {}, signature: expect.any(String) });
    expect(received[0]?.body).not.toHaveProperty('id');
    expect(delivery.state).toBe('given-up');
    expect(await lever.direct.retryDue({ ignoreWaits: true })).toBe(0);
  });

  test('an eavesdropper can send other data under a true signature', async () => {
    const { lever, seed, received, move } = withHook('candidateStageChange');
    await move(seed.stages.assessment);
    const [{ id }] = z.tuple([z.looseObject({ id: z.string() })]).parse(lever.deliveries());
    await lever.direct.sendTampered({ deliveryId: id, data: { opportunityId: seed.opportunities.ben } });
    const [first, second] = received.map(({ body }) => body);
    expect(second).toEqual({ ...first, data: { opportunityId: seed.opportunities.ben } });
  });

  test('held deliveries go out later, in either order; dropped ones never', async () => {
    const { lever, seed, received, move } = withHook('candidateStageChange');
    lever.direct.configure({ deliver: 'hold' });
    await move(seed.stages.assessment);
    await move(seed.stages.onsite);
    expect(received).toEqual([]);
    expect(await lever.direct.releaseHeld({ reversed: true })).toBe(2);
    expect(received.map(({ body }) => body.data.toStageId)).toEqual([seed.stages.onsite, seed.stages.assessment]);
    lever.direct.configure({ deliver: 'drop' });
    await move('offer');
    expect(await lever.direct.releaseHeld()).toBe(0);
    expect(received).toHaveLength(2);
    await lever.direct.rerun({ deliveryId: lever.deliveries()[0]?.id ?? '' });
    expect(received).toHaveLength(3);
  });

  test('an old webhook without a token sends no signature', async () => {
    const { lever, seed, received } = setUp();
    lever.play.addWebhook({ event: 'candidateStageChange', url: 'https://tagalong.example/1', withoutToken: true });
    lever.play.move({ opportunityId: seed.opportunities.ada, stageId: 'offer' });
    await lever.settle();
    expect(received[0]?.body).not.toHaveProperty('signature');
  });
});

describe('A Lever that is broken', () => {
  test('answers what was ordered for the next matching calls only', async () => {
    const { lever, seed, call } = setUp();
    const path = `/opportunities/${seed.opportunities.ada}`;
    lever.direct.failNext({
      method: 'GET',
      path: '/opportunities/[^/]+$',
      times: 2,
      answer: { kind: 'status', status: 503, body: { code: 'x' } },
    });
    expect((await call('GET', '/stages')).status).toBe(200);
    expect((await call('GET', path)).status).toBe(503);
    expect((await call('GET', path)).status).toBe(503);
    expect((await call('GET', path)).status).toBe(200);
  });

  test('may carry a call out and lose the answer', async () => {
    const { lever, seed, call } = setUp();
    const path = `/opportunities/${seed.opportunities.ben}/notes`;
    lever.direct.failNext({ method: 'POST', path: '/notes$', when: 'after', answer: { kind: 'reset' } });
    await expect(call('POST', path, { value: 'Sent' })).rejects.toThrow();
    expect(rowsOf((await call('GET', path)).body)).toHaveLength(1);
    const [lost] = lever.journal.list({ kind: 'api', what: 'POST /v1/opportunities/:opportunity/notes' });
    expect(lost).toMatchObject({
      status: null,
      detail: { params: { opportunity: seed.opportunities.ben }, body: { value: 'Sent' } },
    });
  });

  test('may hang until it is let go, or answer with a web page', async () => {
    const { lever, seed, call } = setUp();
    lever.direct.failNext({ answer: { kind: 'hang' } });
    const hanging = call('GET', '/stages');
    const letGo = lever.journal.waitFor(
      (rows) => rows.find(({ status, what }) => what === 'GET /v1/stages' && status === null),
      'the hang',
    );
    lever.direct.failNext({ path: 'users', answer: { kind: 'html' } });
    const headers = { authorization: `Basic ${btoa(`${seed.key.secret}:`)}` };
    const page = await lever.api.request('/v1/users', { headers });
    expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html']);
    lever.direct.clearFailures();
    await expect(hanging).rejects.toThrow();
    await letGo;
  });

  test('an account of another region is answered with 301 to the same path there', async () => {
    const { call } = setUp({ settings: { regionRedirect: 'https://api.eu.lever.co' } });
    const answer = await call('GET', '/opportunities?limit=1').catch(() => undefined);
    expect(answer?.status).toBe(301);
    expect(answer?.headers.get('location')).toBe('https://api.eu.lever.co/v1/opportunities?limit=1');
  });
});

describe('The journal', () => {
  test('names calls by route and key by label, never by secret', async () => {
    const { lever, seed, call } = setUp();
    await call('PUT', `/opportunities/${seed.opportunities.ada}/stage`, { stage: 'offer' });
    expect(lever.journal.list({ kind: 'api' })).toMatchObject([
      { what: 'PUT /v1/opportunities/:opportunity/stage', status: 200, detail: { key: 'Tagalong', body: { stage: 'offer' } } },
    ]);
    expect(JSON.stringify(lever.journal.list())).not.toContain(seed.key.secret);
  });
});

describe('Candidate pages', () => {
  test.each([
    '/candidates',
    '/candidates/1',
    '/candidates/1/interview/2',
    '/opportunities/1',
    '/interviews/1',
    '/settings/integrations',
  ])('%s is one document under a strict policy that loads only its own files', async (path) => {
    const { lever } = setUp();
    const page = await lever.pages.request(path);
    expect(page.headers.get('content-security-policy')).toBe(
      "default-src 'self'; frame-src 'none'; style-src 'self' 'unsafe-inline'",
    );
    const text = await page.text();
    expect(text).toContain('<title>Lever Hire</title>');
    expect(text).not.toContain('hostile.css');
    for (const [, src] of text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) {
      expect((await lever.pages.request(src ?? '')).status).toBe(200);
    }
  });

  test('the hostile style sheet comes only when asked for', async () => {
    const { lever } = setUp();
    expect(await (await lever.pages.request('/candidates/1?hostile=1')).text()).toContain('/assets/hostile.css');
  });

  test('the profile shows what the account holds now, notes of the API among it', async () => {
    const { lever, seed, call } = setUp();
    const { ada } = seed.opportunities;
    await call('POST', `/opportunities/${ada}/notes`, { value: 'Invitation sent' });
    lever.play.move({ opportunityId: ada, stageId: seed.stages.assessment });
    const profile = await (await lever.pages.request(`/page-data/candidates/${ada}`)).json();
    expect(profile).toMatchObject({
      person: { name: 'Ada Moreno' },
      stageId: seed.stages.assessment,
      notes: expect.arrayContaining([expect.objectContaining({ author: 'API', texts: ['Invitation sent'] })]),
    });
    expect((await lever.pages.request('/page-data/candidates/unknown')).status).toBe(404);
  });

  test('moving a candidate with the stage menu is an act like any other', async () => {
    const { lever, seed } = setUp();
    const body = JSON.stringify({ stageId: seed.stages.onsite });
    const path = `/page-data/candidates/${seed.opportunities.ada}/stage`;
    expect((await lever.pages.request(path, { method: 'POST', body })).status).toBe(204);
    expect(lever.journal.list({ kind: 'act', what: 'move' })).toHaveLength(1);
    expect(lever.account.opportunities.get(seed.opportunities.ada)?.stageChanges.at(-1)?.userId).toBe(seed.users.superAdmin);
  });

  test('an interview page has the id of the interview, not of an opportunity', async () => {
    const { lever, seed } = setUp();
    const found = await lever.pages.request(`/page-data/interviews/${seed.interviewId}`);
    expect(await found.json()).toMatchObject({ name: 'Chloe Nakamura' });
    expect(lever.account.opportunities.has(seed.interviewId)).toBe(false);
  });
});

describe('Playing by hand', () => {
  test('every command is there over HTTP too, and a wrong order is refused with a reason', async () => {
    const { lever, seed } = setUp();
    const post = (name: string, body: unknown) =>
      lever.control.request(`/${name}`, { method: 'POST', body: JSON.stringify(body) });
    const { ada } = seed.opportunities;
    expect((await post('move', { opportunityId: ada, stageId: 'offer' })).status).toBe(200);
    expect(lever.account.opportunities.get(ada)?.stage).toBe('offer');
    expect((await post('move', { opportunityId: ada, stageId: 'nowhere' })).status).toBe(400);
    expect((await post('move', { opportunityId: ada })).status).toBe(400);
    expect((await post('explode', {})).status).toBe(404);
    const made = await post('addWebhook', { event: 'candidateStageChange', url: 'https://tagalong.example/1' });
    expect(await made.json()).toMatchObject({ signatureToken: expect.stringMatching(/^[0-9a-f]{48}$/) });
    expect((await post('addWebhook', { event: 'candidateStageChange', url: 'http://tagalong.example/1' })).status).toBe(400);
  });

  test('the page has a form for it, which leads back to the page', async () => {
    const { lever, seed } = setUp();
    const page = await (await lever.control.request('/')).text();
    expect(page).toContain('Ada Moreno');
    expect(page).toContain('action="move"');
    const body = new URLSearchParams({ opportunityId: seed.opportunities.ben, tags: 'Senior SWE, urgent' });
    const answer = await lever.control.request('/tag', { method: 'POST', body });
    expect(answer.status).toBe(303);
    expect(lever.account.opportunities.get(seed.opportunities.ben)?.tags).toEqual(
      expect.arrayContaining(['Senior SWE', 'urgent']),
    );
  });

  test('a confidential switch and an anonymised contact show in the API', async () => {
    const { lever, seed, call } = setUp();
    lever.play.setConfidential({ opportunityId: seed.opportunities.ben, confidential: true });
    lever.play.anonymise({ contactId: seed.contacts.ada });
    expect(idsOf((await call('GET', '/opportunities')).body)).not.toContain(seed.opportunities.ben);
    const anonymised = rowOf((await call('GET', `/opportunities/${seed.opportunities.ada}`)).body);
    expect(anonymised).toMatchObject({ isAnonymized: true, name: '', emails: [] });
  });
});
