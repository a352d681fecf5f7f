import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type ActivityEntry, activityPartSchema, activityViewSchema } from '../../../lib/contract/activity.ts';
import { PATHS } from '../../../lib/contract/paths.ts';
import type { Snapshot } from '../../../lib/domain/application.ts';
import type { AtsUser } from '../../../server/ats/operations.ts';
import { mapByHand, replaceAtsUsers } from '../../../server/storage/ats-users.repository.ts';
import { type AuditEntry, appendAuditAll } from '../../../server/storage/audit.repository.ts';
import { applications } from '../../../server/storage/schema.ts';
import { createTestHttpServer, type TestHttpServer } from '../../support/http-server.ts';

const HIDDEN = 'You may not see this candidate.';
const ME = 'user-ada';

let server: TestHttpServer;
let admin: { id: string; token: string };
let lever: string;
beforeEach(async () => {
  server = await createTestHttpServer({ ats: { kind: 'lever' } });
  admin = await server.join('admin', 'Ada');
  const made = await server.call('POST', '/api/connections', {
    token: admin.token,
    body: { name: 'Lever', settings: { kind: 'lever' }, secrets: { apiKey: 'k' } },
  });
  lever = (await made.json()).id;
});
afterEach(async () => {
  vi.restoreAllMocks();
  await server.drop();
});

/** Who the admin is in Lever. */
async function amIn(more: Partial<AtsUser>): Promise<void> {
  const { db, clock } = server.services;
  const user: AtsUser = { userId: ME, name: 'Ada', emails: [], active: true, sees: 'all', roleName: 'Team Member', ...more };
  await replaceAtsUsers(db, { connectionId: lever, users: [user], now: clock.now() });
  await mapByHand(db, { memberId: admin.id, connectionId: lever, userId: ME, setBy: admin.id, setAt: clock.now() });
}

/** An application; one that was never read, for null. */
async function apply(more: Partial<Snapshot> | null): Promise<string> {
  const [key, applicationId, now] = [randomUUID(), randomUUID(), server.clock.now()];
  const fields = { ats: 'lever', confidential: false, job: { id: 'j', name: 'Secret Job' } };
  const snapshot = more && ({ ...fields, name: 'Mia Stone', ...more } as Snapshot);
  const row = {
    key,
    connectionId: lever,
    applicationId,
    state: {} as never,
    outcome: {} as never,
    createdAt: now,
    updatedAt: now,
  };
  await server.services.db.insert(applications).values({ ...row, snapshot });
  return key;
}

const act = (...entries: Partial<AuditEntry>[]) =>
  appendAuditAll(
    server.services.db,
    server.services,
    entries.map((entry) => ({ who: { kind: 'system' }, action: 'stage.entered', ...entry })),
  );
const DETAIL = {
  why: [{ code: 'stage-entered', values: { stage: 'Onsite' } }, 'Mia was told'],
  before: { stage: 'Take-home' },
  after: { stage: 'Onsite', result: { score: { value: 8 } } },
};
const read = async (query: string) =>
  activityViewSchema.parse(await (await server.call('GET', `${PATHS.activity}?${query}`, { token: admin.token })).json());
const about = async (key: string): Promise<ActivityEntry[]> => (await read(`application=${key}`)).entries;
const found = async (text: string) => (await read(`text=${text}`)).entries.map(({ candidate }) => candidate?.applicationKey);

describe('what an admin may not see of candidates', () => {
  test('is not in the activity of whoever was deactivated in the ATS', async () => {
    const key = await apply({});
    await act({ applicationKey: key, detail: DETAIL });
    const [seen] = await about(key);
    expect(seen?.candidate).toMatchObject({ name: 'Mia Stone', job: 'Secret Job' });
    expect(seen?.candidate?.hidden).toBeFalsy();
    expect(seen?.why).toContain('Mia was told');
    expect(seen?.changes).not.toEqual([]);
    await amIn({ active: false });
    const [hidden] = await about(key);
    expect(hidden).toEqual({
      ...seen,
      candidate: { applicationKey: key, name: null, job: null, erased: false, hidden: true },
      why: [HIDDEN],
      changes: [],
    });
  });

  test('is hidden one by one: confidential ones to a role of its own, all but those who are theirs', async () => {
    await amIn({ sees: 'unknown', roleName: 'Sourcer' });
    const open = await apply({ name: 'Open' });
    const secret = await apply({ name: 'Secret', confidential: true });
    const own = await apply({ name: 'Own', confidential: true, involved: { application: [ME], job: [] } });
    const others = await apply({ name: 'Others', confidential: true, involved: { application: ['x'], job: ['y'] } });
    const named = async (key: string) => (await about(key)).map(({ candidate }) => candidate?.name);
    for (const key of [open, secret, own, others]) await act({ applicationKey: key, detail: DETAIL });
    expect(await Promise.all([open, secret, own, others].map(named))).toEqual([['Open'], [null], ['Own'], [null]]);
  });

  test('nor is it shown to whom the ATS shows the progress alone', async () => {
    await amIn({ sees: 'limited', roleName: 'Interviewer' });
    const key = await apply({ involved: { application: [], job: [ME] } });
    await act({ applicationKey: key, detail: DETAIL });
    expect((await about(key))[0]).toMatchObject({ candidate: { name: null, job: null }, why: [HIDDEN], changes: [] });
  });

  test('leaves what is about nobody, and about those who were never read or are no more, as it is', async () => {
    await amIn({ active: false });
    const unread = await apply(null);
    const gone = randomUUID();
    for (const applicationKey of [unread, gone, null]) await act({ applicationKey, detail: { why: 'as it was' } });
    const { entries } = await read('action=stage.entered');
    expect(entries.map(({ why }) => why)).toEqual([['as it was'], ['as it was'], ['as it was']]);
    expect(entries.map(({ candidate }) => candidate?.hidden ?? false)).toEqual([false, false, false]);
  });

  test('is not found by words, but by who, what and where', async () => {
    const key = await apply({});
    const who = { kind: 'member', id: admin.id } as const;
    await act({ applicationKey: key, detail: DETAIL, who });
    const hiding = ['Mia', 'Secret%20Job', 'Onsite', 'Take-home', 'was%20told', '%22value%22'];
    for (const text of hiding) expect([text, await found(text)]).toEqual([text, [key]]);
    await amIn({ active: false });
    for (const text of hiding) expect([text, await found(text)]).toEqual([text, []]);
    expect(await found('entered%20a%20stage')).toEqual([key]);
    expect(await found('ada')).toContain(key);
    expect((await read(`member=${admin.id}&action=stage.entered`)).entries).toHaveLength(1);
    expect((await read(`connection=${lever}&action=stage.entered`)).entries).toHaveLength(1);
  });

  test('is not in the file either, whole or in parts', async () => {
    await amIn({ active: false });
    const key = await apply({});
    await act({ applicationKey: key, detail: DETAIL });
    for (const format of ['csv', 'ndjson'])
      for (const part of ['', '&limit=500']) {
        const answer = await server.call('GET', `${PATHS.activityExport}?format=${format}${part}`, { token: admin.token });
        const text = await answer.text();
        expect(text).toContain(key);
        expect(text).toContain(HIDDEN);
        expect(text).not.toMatch(/Mia|Secret Job|Onsite|Take-home/);
      }
  });
});

describe('pages of what is found beside what is hidden', () => {
  const texts = async (limit: number, start = '') => {
    const pages: string[][] = [];
    for (let before = start; ; ) {
      const { entries, next } = await read(`text=Mia&limit=${limit}${before}`);
      pages.push(entries.map(({ why }) => why.join()));
      if (next === null) return pages;
      before = `&before=${next}`;
    }
  };

  test('hold each one once, and no next page tells that something is hidden', async () => {
    await amIn({ sees: 'unknown', roleName: 'Sourcer' });
    const [open, secret] = [await apply({}), await apply({ confidential: true })];
    for (const why of ['1', '2', '3']) {
      await act({ applicationKey: secret }, { applicationKey: open, detail: { why } });
      await act({ applicationKey: secret }, { applicationKey: secret });
    }
    for (const limit of [1, 2, 3, 50]) expect((await texts(limit)).flat()).toEqual(['3', '2', '1']);
    expect(await texts(3)).toHaveLength(1);
    expect(await texts(1)).toHaveLength(3);
  });

  test('look no further than so far at once, and the next goes on from there', async () => {
    await amIn({ sees: 'unknown', roleName: 'Sourcer' });
    const [open, secret] = [await apply({}), await apply({ confidential: true })];
    await act({ applicationKey: open, detail: { why: 'old' } });
    await act(...Array.from({ length: 3000 }, () => ({ applicationKey: secret })));
    const asked = vi.spyOn(server.services.db, 'execute');
    const first = await read('text=Mia&limit=2');
    expect(first.entries).toEqual([]);
    expect(first.next).not.toBeNull();
    expect(asked.mock.calls.length).toBeLessThan(12);
    expect((await texts(2)).flat()).toEqual(['old']);
    const file = async (query: string) => {
      const answer = await server.call('GET', `${PATHS.activityExport}?text=Mia&format=ndjson${query}`, { token: admin.token });
      return await answer.text();
    };
    const part = activityPartSchema.parse(JSON.parse(await file('&limit=2')));
    expect([part.text, part.next === null]).toEqual(['', false]);
    expect((await file('')).trimEnd().split('\n')).toHaveLength(1);
  });

  test('who the admin is in the ATS is looked up once for the whole file', async () => {
    await amIn({ sees: 'unknown', roleName: 'Sourcer' });
    const key = await apply({});
    await act(...Array.from({ length: 1100 }, () => ({ applicationKey: key })));
    const select = vi.spyOn(server.services.db, 'select');
    const askedWhile = async (query: string) => {
      const before = select.mock.calls.length;
      const answer = await server.call('GET', `${PATHS.activityExport}?format=ndjson${query}`, { token: admin.token });
      return { lines: (await answer.text()).split('\n').length, asked: select.mock.calls.length - before };
    };
    const whole = await askedWhile('&action=stage.entered');
    expect(whole.lines).toBeGreaterThan(1100);
    const one = await askedWhile('&action=stage.entered&limit=1');
    expect(whole.asked).toBe(one.asked);
    expect(whole.asked).toBeLessThan(10);
  });
});
