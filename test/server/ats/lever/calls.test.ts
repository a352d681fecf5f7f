import { describe, expect, it } from 'vitest';
import { leverSettingsSchema } from '../../../../lib/contract/settings.ts';
import { leverKey } from '../../../../server/ats/lever/credential.ts';
import type { AnswerHead, RateLimiter } from '../../../../server/outbound/rate-limiter.ts';
import { collect, FORBIDDEN, fixture, OPPORTUNITY, scriptedLever, TARGET } from './scripted-lever.ts';

const path = `/opportunities/${OPPORTUNITY}`;

describe('every call to Lever', () => {
  it('carries the key as user name with an empty password', async () => {
    const { adapter, requests } = scriptedLever({ 'GET /stages': { body: await fixture('stages') } });
    await adapter.listStages();
    expect(requests[0]?.headers).toEqual({ authorization: `Basic ${btoa('key:')}` });
  });

  it('is not made without a key', async () => {
    const { adapter, requests } = scriptedLever({}, { credential: leverKey('') });
    expect(await adapter.check()).toMatchObject({ ok: false, kind: 'misconfigured' });
    expect(requests).toEqual([]);
  });

  it('is proved by looking at one opportunity where the key may list none, as the one with the least rights', async () => {
    const least = scriptedLever({ 'GET /opportunities': FORBIDDEN });
    expect(await least.adapter.check()).toEqual({ ok: true, value: { account: null } });
    const nothing = scriptedLever({
      'GET /opportunities': FORBIDDEN,
      'GET /opportunities/00000000-0000-4000-8000-000000000000': FORBIDDEN,
    });
    expect(await nothing.adapter.check()).toMatchObject({
      kind: 'forbidden',
      right: 'Opportunities: Read (Retrieve a single opportunity)',
    });
    const unknown = scriptedLever({ 'GET /opportunities': { kind: 'not-found', status: 404, detail: 'no such address' } });
    expect(await unknown.adapter.check()).toMatchObject({ ok: false, kind: 'not-found' });
  });

  it.each(['..', '.', ''])('is not made for the id %j, which would reach another address', async (applicationId) => {
    const { adapter, requests } = scriptedLever({});
    expect(await adapter.readSnapshot(applicationId)).toMatchObject({ ok: false, kind: 'not-found' });
    expect(requests).toEqual([]);
  });

  it('keeps a strange id inside its own part of the address', async () => {
    const { adapter, requests } = scriptedLever({});
    await adapter.addTag({ applicationId: '../x?y=#z', candidateId: null }, 'tag');
    expect(requests[0]?.url).toBe('https://api.lever.co/v1/opportunities/..%2Fx%3Fy%3D%23z/addTags');
  });

  it('asks for leave, and says what came of it', async () => {
    const heads: (AnswerHead | null)[] = [];
    const limiter: RateLimiter = {
      ask: async () => ({ ok: true, value: { done: (head) => void heads.push(head) } }),
      left: async () => null,
    };
    const { adapter } = scriptedLever(
      { 'GET /opportunities': [{ kind: 'rate-limited', retryAfterMs: 30_000, detail: '' }, { body: { data: [] } }] },
      { limiter },
    );
    expect(await adapter.check()).toMatchObject({ ok: false, kind: 'rate-limited' });
    expect(await adapter.check()).toMatchObject({ ok: true });
    expect(heads.map((head) => head?.status)).toEqual([429, 200]);
  });

  it('is not made without leave', async () => {
    const limiter: RateLimiter = {
      ask: async () => ({ ok: false, kind: 'rate-limited', retryAfterMs: 7, detail: '' }),
      left: async () => null,
    };
    const { adapter, requests } = scriptedLever({}, { limiter });
    expect(await adapter.check()).toMatchObject({ ok: false, kind: 'rate-limited', retryAfterMs: 7 });
    expect(requests).toEqual([]);
  });
});

describe('writes', () => {
  it('name their author in the address, never in the body', async () => {
    const { adapter, requests } = scriptedLever(
      { [`POST ${path}/addTags`]: { body: await fixture('write-answer') } },
      { settings: leverSettingsSchema.parse({ kind: 'lever', apiUrl: 'https://api.lever.co/v1', performAs: 'user-1' }) },
    );
    expect(await adapter.addTag(TARGET, 'Senior SWE')).toEqual({ ok: true, value: undefined });
    expect(requests[0]).toMatchObject({ query: { perform_as: 'user-1' }, json: { tags: ['Senior SWE'] }, write: true });
  });

  it.each([
    ['the recruiter', 'user-2', 'user-2'],
    ['the connection’s own user when there is none', null, 'user-1'],
  ])('name %s', async (_who, actingUserId, author) => {
    const answer = { body: await fixture('write-answer') };
    const { adapter, requests } = scriptedLever(
      { [`POST ${path}/addTags`]: answer, [`POST ${path}/removeTags`]: answer, [`POST ${path}/notes`]: answer },
      { settings: leverSettingsSchema.parse({ kind: 'lever', apiUrl: 'https://api.lever.co/v1', performAs: 'user-1' }) },
    );
    const target = { ...TARGET, actingUserId };
    await adapter.addTag(target, 'Senior SWE');
    await adapter.removeTag(target, 'Senior SWE');
    await adapter.writeNote(target, { text: 'Sent.', reference: 'TA-1' });
    expect(requests.map(({ query }) => query?.perform_as)).toEqual([author, author, author]);
    expect(JSON.stringify(requests.map(({ json }) => json))).not.toContain('user-');
  });

  it('a note keeps its reference and tells its id, in whichever form Lever answers', async () => {
    const { adapter, requests } = scriptedLever({
      [`POST ${path}/notes`]: [
        { body: { data: { noteId: 'n1' } } },
        { body: { data: { id: 'n2', text: 'Note' } } },
        { body: undefined },
      ],
    });
    const note = { text: 'Sent.', reference: 'TA-1' };
    expect(await adapter.writeNote(TARGET, note)).toEqual({ ok: true, value: { noteId: 'n1' } });
    expect(await adapter.writeNote(TARGET, { ...note, text: 'Sent. (TA-1)' })).toEqual({ ok: true, value: { noteId: 'n2' } });
    expect(await adapter.writeNote(TARGET, note)).toEqual({ ok: true, value: { noteId: null } });
    expect(requests.map(({ json }) => json)).toEqual([
      { value: 'Sent.\nTA-1' },
      { value: 'Sent. (TA-1)' },
      { value: 'Sent.\nTA-1' },
    ]);
  });

  it('a note is looked for in its fields, over all pages', async () => {
    const page = (await fixture('notes')) as { data: unknown[] };
    const { adapter, requests } = scriptedLever({
      [`GET ${path}/notes`]: ({ query }) =>
        query?.offset === '[1,"a b"]' ? { body: page } : { body: { data: [], hasNext: true, next: '%5B1%2C%22a%20b%22%5D' } },
    });
    expect(await adapter.findNote(TARGET, 'TA-7Q2M')).toEqual({ ok: true, value: 'found' });
    expect(await adapter.findNote(TARGET, 'TA-other')).toEqual({ ok: true, value: 'absent' });
    expect(requests).toHaveLength(4);
  });

  it('a key that may not list notes cannot look', async () => {
    const { adapter } = scriptedLever({ [`GET ${path}/notes`]: FORBIDDEN });
    expect(await adapter.findNote(TARGET, 'TA-1')).toEqual({ ok: true, value: 'cannot-look' });
  });

  it('a move looks where the candidate is and refuses when that changed', async () => {
    const at = (stage: string, more = {}) => ({ body: { data: { id: OPPORTUNITY, stage, ...more } } });
    const { adapter, paths } = scriptedLever({
      [`GET ${path}`]: [
        at('b'),
        at('b', { archived: { reason: 'r' } }),
        at('c'),
        at('a'),
        at('a', { archived: { reason: 'r', archivedAt: 1 } }),
      ],
      [`PUT ${path}/stage`]: { body: await fixture('write-answer') },
    });
    const move = { fromStageId: 'a', toStageId: 'c' };
    expect(await adapter.moveToStage(TARGET, move)).toMatchObject({ ok: false, kind: 'refused', status: 409 });
    expect(await adapter.moveToStage(TARGET, move)).toMatchObject({ ok: false, kind: 'refused' });
    expect(await adapter.moveToStage(TARGET, move)).toEqual({ ok: true, value: undefined });
    expect(paths().filter((call) => call.startsWith('PUT'))).toEqual([]);
    expect(await adapter.moveToStage(TARGET, move)).toEqual({ ok: true, value: undefined });
    expect(await adapter.moveToStage(TARGET, move)).toMatchObject({ ok: false, kind: 'refused' });
    expect(paths().filter((call) => call.startsWith('PUT'))).toHaveLength(1);
  });
});

describe('lists', () => {
  it('archive reasons may come as a list or as the only one', async () => {
    const { adapter } = scriptedLever({
      'GET /archive_reasons': [{ body: await fixture('archive-reasons') }, { body: await fixture('archive-reason-alone') }],
    });
    expect(await adapter.listDispositionReasons()).toEqual({
      ok: true,
      value: [
        { reasonId: '63dd55b2-a99f-4e7b-985f-22c7bf80ab42', name: 'Underqualified', kind: 'non-hired', active: true },
        { reasonId: 'b2b9ad7b-1d3a-4f0f-8a57-3b4d6c1e0c11', name: 'Hired', kind: 'hired', active: true },
        { reasonId: '0f2e1f5e-6d0d-4f84-9a59-58b4a1cf4a90', name: 'Old reason', kind: 'non-hired', active: false },
      ],
    });
    expect(await adapter.listDispositionReasons()).toMatchObject({ ok: true, value: [{ name: 'Hired', kind: 'hired' }] });
  });

  it('a list that gives the same page twice ends with a failure instead of never', async () => {
    const { adapter } = scriptedLever({ 'GET /stages': { body: { data: [], hasNext: true, next: 'x' } } });
    expect(await adapter.listStages()).toMatchObject({ ok: false, kind: 'unreadable' });
  });

  it('what changed: moved, created in a stage or archived, confidential ones too, each once; those elsewhere are marked', async () => {
    const { adapter, requests } = scriptedLever({
      'GET /opportunities': ({ query }) =>
        query?.archived_at_start !== undefined
          ? {
              body: {
                data: [
                  { id: 'b', stage: 's2' },
                  { id: 'c', stage: 's9' },
                ],
              },
            }
          : query?.created_at_start !== undefined
            ? { body: { data: [{ id: 'd', stage: { id: 's1', text: 'Test' } }] } }
            : query?.offset
              ? { body: { data: [{ id: 'b', stage: 's2' }], hasNext: false } }
              : {
                  body: {
                    data: [{ id: 'a', stage: 's1' }, { id: 'b', stage: 's2' }, { id: 'e' }],
                    hasNext: true,
                    next: '%5B1%5D',
                  },
                },
    });
    const since = new Date(1_790_000_000_000);
    const changed = await collect(adapter.findChangedSince({ since, stageIds: ['s1', 's2'] }));
    expect(changed.map((change) => change.ok && Object.values(change.value).join())).toEqual([
      'a,false',
      'b,false',
      'e,true',
      'd,false',
      'c,true',
    ]);
    const common = { limit: 100, confidentiality: 'all' };
    expect(requests.map(({ query }) => query)).toEqual([
      { ...common, advanced_at_start: 1_790_000_000_000, offset: undefined },
      { ...common, advanced_at_start: 1_790_000_000_000, offset: '[1]' },
      { ...common, created_at_start: 1_790_000_000_000, offset: undefined },
      { ...common, archived_at_start: 1_790_000_000_000, offset: undefined },
    ]);
  });

  it('fewer at a time are asked for where a page is larger than we take', async () => {
    const { adapter, requests } = scriptedLever({
      'GET /opportunities': ({ query }) =>
        Number(query?.limit) > 20 ? { kind: 'unreadable', detail: 'large', tooMuch: 'page' } : { body: { data: [{ id: 'a' }] } },
    });
    const changed = await collect(adapter.findChangedSince({ since: new Date(0), stageIds: ['s'] }));
    expect(changed).toEqual([{ ok: true, value: { applicationId: 'a', isElsewhere: true } }]);
    expect(requests.map(({ query }) => query?.limit)).toEqual([100, 20, 100, 20, 100, 20]);
  });

  it('a failure in the middle of a list is told, not taken for the end', async () => {
    const { adapter } = scriptedLever({
      'GET /opportunities': [
        { body: { data: [{ id: 'a' }], hasNext: true, next: 'n' } },
        { kind: 'unreachable', detail: 'reset' },
      ],
    });
    const changed = await collect(adapter.findChangedSince({ since: new Date(0), stageIds: ['s'] }));
    expect(changed).toMatchObject([{ ok: true }, { ok: false, kind: 'unreachable' }]);
  });
});
