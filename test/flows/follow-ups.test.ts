import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { extraTimeSchema, type InvitationView } from '../../lib/contract/panel.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { leverPage, type Recruiter, useTestServer } from '../support/test-server.ts';

const server = useTestServer();
let ben: Recruiter;
let vera: Recruiter;
beforeAll(async () => {
  ben = await server().join('Ben');
  vera = await server().join('Vera', 'viewer');
});

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;
type Page = Parameters<Recruiter['open']>[0];
type Which = 'seniorSwe' | 'backendTakeHome';

/** Somebody who was invited to this: at Coderbyte through its API, at Byteboard by an e-mail of ours. */
const invited = async (which: Which = 'seniorSwe', email = `${randomUUID()}@mail.example`) => {
  const { lever, seeds } = server().world;
  const { id: contact } = lever.play.createContact({ name: 'Ada Moreno', emails: [email] });
  const { phoneScreen: stageId } = seeds.lever.stages;
  const postingId = seeds.lever.postings.backend;
  const { id: opportunityId } = lever.play.createOpportunity({ contactId: contact, postingId, stageId, tags: [] });
  const page = leverPage(opportunityId);
  await ben.send(await ben.open(page), { assessmentId: server().company.assessments[which].id });
  server().clock.advance(11);
  await server().settle();
  return { page, email };
};
const first = async (page: Page, who = ben): Promise<InvitationView> => {
  const [invitation] = (await who.open(page)).invitations;
  if (!invitation) throw new Error('nobody was invited');
  return invitation;
};
const act = async (path: string, page: Page, more: object = {}, who = ben) => {
  const view = await who.open(page);
  const answer = await who.command(path, view, { invitationId: view.invitations[0]?.id, ...more });
  await server().settle();
  return answer;
};
const refused = async (path: string, page: Page, more: object = {}, who = ben) => {
  const view = await ben.open(page);
  return await who.refusal(path, view, { invitationId: view.invitations[0]?.id, ...more });
};
const texts = async (page: Page, who = ben) => (await who.open(page)).happenings.map(({ text }) => text);
const mailsTo = (email: string) =>
  server()
    .world.mail.mails()
    .filter(({ to }) => to.includes(email));
const callsTo = (email: string, what: RegExp) =>
  server()
    .world.journal.list({ simulator: 'coderbyte', kind: 'api' })
    .filter((entry) => what.test(entry.what) && JSON.stringify(entry).includes(encodeURIComponent(email)));
const dayAhead = (days: number) => new Date(server().clock.now().getTime() + days * DAY_S * 1000).toISOString().slice(0, 10);
const extraTimeOf = async (page: Page, who: Recruiter) => {
  const { key, invitations } = await ben.open(page);
  const query = `applicationKey=${key}&invitationId=${invitations[0]?.id}`;
  return await server().fetch(`${PATHS.extraTime}?${query}`, { headers: { authorization: `Bearer ${who.token}` } });
};

describe('what is offered', () => {
  test('at Coderbyte by its endpoint map, at a link vendor what we do ourselves', async () => {
    const api = await invited();
    const { actions } = await first(api.page);
    expect(actions).toEqual(expect.arrayContaining(['resend', 'correct-email', 'extend', 'extra-time']));
    const link = await invited('backendTakeHome');
    expect((await first(link.page)).actions).toEqual(expect.arrayContaining(['resend', 'correct-email', 'extend']));
  });

  test('nothing to a viewer, and the API takes nothing from one', async () => {
    const { page } = await invited();
    expect((await first(page, vera)).actions).toEqual([]);
    for (const [path, more] of [
      [PATHS.commands.resend, {}],
      [PATHS.commands.extend, { day: dayAhead(20) }],
      [PATHS.commands.extraTime, { percent: 50 }],
      [PATHS.commands.correctEmail, { email: 'x@right.example' }],
    ] as const)
      expect(await refused(path, page, more, vera)).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await extraTimeOf(page, vera)).status).toBe(403);
  });

  test('what is not offered is refused with a sentence', async () => {
    const { page } = await invited('backendTakeHome');
    await act(PATHS.commands.cancel, page);
    expect((await first(page)).actions).not.toContain('resend');
    const answer = await refused(PATHS.commands.resend, page);
    expect(answer).toMatchObject({ status: 409, code: 'too-late' });
    expect(answer.message).toBe('This is not possible any more. Look at where the invitation stands now.');
  });
});

describe('sending again', () => {
  test('through Coderbyte’s API, once for one click, and it is said who did it', async () => {
    const { page, email } = await invited();
    const actionId = randomUUID();
    await act(PATHS.commands.resend, page, { actionId });
    await act(PATHS.commands.resend, page, { actionId });
    expect(callsTo(email, /resend/)).toHaveLength(1);
    expect(await texts(page)).toContain(`Sent again by Ben: Senior SWE, to ${email}.`);
  });

  test('by us: another mail with the same link', async () => {
    const { page, email } = await invited('backendTakeHome');
    await act(PATHS.commands.resend, page);
    const [one, two] = mailsTo(email);
    expect(mailsTo(email)).toHaveLength(2);
    expect(two?.links).toEqual(one?.links);
    expect(two?.messageId).not.toBe(one?.messageId);
    expect(JSON.stringify(await ben.open(page))).not.toContain(one?.links[0]);
  });

  test('by us, and the answer is lost: unconfirmed, and no third mail however long one waits', async () => {
    const { page, email } = await invited('backendTakeHome');
    server().world.mail.failNext({ kind: 'drop' });
    await act(PATHS.commands.resend, page);
    server().clock.advance(2 * HOUR_S);
    await server().settle();
    expect(mailsTo(email)).toHaveLength(2);
    expect((await texts(page)).join()).toMatch(/It is not certain that Backend take-home was sent again/);
  });
});

describe('the deadline', () => {
  test('is set at Coderbyte, shown, and the old one ends nothing', async () => {
    const { page, email } = await invited();
    const day = dayAhead(30);
    await act(PATHS.commands.extend, page, { day });
    expect(callsTo(email, /^PUT/)).toHaveLength(1);
    expect((await first(page)).expiresAt).toBe(`${day}T23:59:59.000Z`);
    expect(await texts(page)).toContain(`The deadline of Senior SWE is now ${day}, set by Ben.`);
    server().clock.advance(8 * DAY_S);
    await server().settle();
    expect(await first(page)).toMatchObject({ state: 'sent' });
  });

  test('only from today to 90 days ahead', async () => {
    const { page } = await invited('backendTakeHome');
    for (const day of [dayAhead(-1), dayAhead(91)])
      expect(await refused(PATHS.commands.extend, page, { day })).toMatchObject({ status: 400, code: 'invalid' });
    expect(await act(PATHS.commands.extend, page, { day: dayAhead(90) })).toMatchObject({ outcome: 'done' });
  });
});

describe('extra time', () => {
  /** Nothing else in these tables is this number, but for what counts up: that may come to it. Allowances of calls are counts as well. */
  const CANARY = 237;
  const COUNTERS = `'{id,seq,version,audit_id,decision_id,policy_version}'::text[]`;

  test('is kept sealed with the person, told to a recruiter who asks, and stands nowhere else', async () => {
    const { page } = await invited();
    await act(PATHS.commands.extraTime, page, { percent: CANARY });
    const asked = extraTimeSchema.parse(await (await extraTimeOf(page, ben)).json());
    expect(asked).toMatchObject({ percent: CANARY, vendorName: 'Coderbyte' });
    await act(PATHS.commands.resend, page);
    const { services } = server().server;
    const found = await findInTables(CANARY);
    expect(found).toEqual([]);
    // The search finds what is there.
    await services.db.execute(sql`insert into tagalong.settings values ('canary', '{"percent": 237}', now())`);
    expect(await findInTables(CANARY)).toEqual(['settings']);
    await services.db.execute(sql`delete from tagalong.settings where key = 'canary'`);
    const notes = JSON.stringify(server().world.journal.list({ simulator: 'lever' }));
    const seenBy = JSON.stringify([await vera.panel(page), await ben.panel(page)]);
    for (const text of [notes, seenBy, JSON.stringify(server().log)]) expect(text).not.toMatch(standsAlone(CANARY));
    expect(seenBy).not.toMatch(/extra time|accommodation/i);
    expect(await texts(page, vera)).toContain('Ben changed settings of the invitation to Senior SWE.');
  });

  test('is set once for a click, also when an old one comes again later', async () => {
    const { page } = await invited();
    const actionId = randomUUID();
    await act(PATHS.commands.extraTime, page, { percent: 50, actionId });
    await act(PATHS.commands.extraTime, page, { percent: 100 });
    await act(PATHS.commands.extraTime, page, { percent: 50, actionId });
    expect(await (await extraTimeOf(page, ben)).json()).toMatchObject({ percent: 100 });
    await act(PATHS.commands.extraTime, page, { percent: null });
    expect(await (await extraTimeOf(page, ben)).json()).toMatchObject({ percent: null });
  });

  test('at a link vendor it is said that it must be set there', async () => {
    const { page } = await invited('backendTakeHome');
    await act(PATHS.commands.extraTime, page, { percent: 25 });
    expect(await (await extraTimeOf(page, ben)).json()).toMatchObject({ percent: 25, reaches: 'none', vendorName: 'Byteboard' });
  });

  test('is set before anybody was invited, for every address of the person, and a viewer may not', async () => {
    const { lever, seeds } = server().world;
    const emails = [`${randomUUID()}@mail.example`, `${randomUUID()}@mail.example`];
    const { id: contact } = lever.play.createContact({ name: 'Ada Moreno', emails });
    const { phoneScreen: stageId } = seeds.lever.stages;
    const { id } = lever.play.createOpportunity({
      contactId: contact,
      postingId: seeds.lever.postings.backend,
      stageId,
      tags: [],
    });
    const page = leverPage(id);
    const view = await ben.open(page);
    const ahead = (who: Recruiter) =>
      server().fetch(`${PATHS.extraTime}?applicationKey=${view.key}`, { headers: { authorization: `Bearer ${who.token}` } });
    const wanted = { invitationId: null, percent: 75 };
    expect(await vera.refusal(PATHS.commands.extraTime, view, wanted)).toMatchObject({ status: 403 });
    expect((await ahead(vera)).status).toBe(403);
    expect(await ben.command(PATHS.commands.extraTime, view, wanted)).toMatchObject({
      outcome: 'done',
      message: 'Ben changed settings for invitations to come.',
    });
    expect(await (await ahead(ben)).json()).toEqual({ percent: 75, reaches: 'each', vendorName: '' });
    await ben.send(await ben.open(page), { assessmentId: server().company.assessments.seniorSwe.id, email: emails[1] });
    server().clock.advance(11);
    await server().settle();
    expect(await (await extraTimeOf(page, ben)).json()).toMatchObject({ percent: 75 });
  });

  test.each([0, 301, 12.5])('not %s percent', async (percent) => {
    const { page } = await invited();
    expect(await refused(PATHS.commands.extraTime, page, { percent })).toMatchObject({ status: 400 });
  });

  const standsAlone = (number: number) => new RegExp(`[^0-9a-zA-Z.:+-]${number}[^0-9a-zA-Z.:+-]`);
  async function findInTables(number: number): Promise<string[]> {
    const { db } = server().server.services;
    const { rows: tables } = await db.execute<{ schema: string; name: string }>(
      sql`select table_schema as schema, table_name as name from information_schema.tables
          where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'
            and (table_schema, table_name) <> ('tagalong', 'rate_allowances')`,
    );
    expect(tables.length).toBeGreaterThan(20);
    const found: string[] = [];
    for (const { schema, name } of tables) {
      const { rows } = await db.execute<{ row: string }>(
        sql`select (to_jsonb(t) - ${sql.raw(COUNTERS)})::text as row from ${sql.identifier(schema)}.${sql.identifier(name)} t`,
      );
      if (rows.some(({ row }) => standsAlone(number).test(row))) found.push(name);
    }
    return found;
  }
});

describe('a wrong address', () => {
  test('that the mail server refuses is named as the trouble, and the right one gets the same attempt', async () => {
    const email = `${randomUUID()}@mail.example`;
    server().world.mail.refuse({ address: email });
    const { page } = await invited('backendTakeHome', email);
    expect(await first(page)).toMatchObject({ state: 'failed', isAddressRefused: true });
    const right = `${randomUUID()}@right.example`;
    expect(await act(PATHS.commands.correctEmail, page, { email: right })).toMatchObject({ outcome: 'done' });
    expect((await ben.open(page)).invitations).toMatchObject([{ state: 'sent', email: right, attempt: 1 }]);
    expect(mailsTo(right)).toHaveLength(1);
    expect(mailsTo(email)).toHaveLength(0);
  });

  test('that bounced: Coderbyte takes the old invitation back, and a double click sends once', async () => {
    const { page, email } = await invited();
    const view = await ben.open(page);
    const invitationId = view.invitations[0]?.id;
    const right = `${randomUUID()}@right.example`;
    const click = () => ben.command(PATHS.commands.correctEmail, view, { invitationId, email: right }).catch((error) => error);
    await Promise.all([click(), click()]);
    await server().settle();
    expect(callsTo(email, /^DELETE/)).toHaveLength(1);
    expect((await ben.open(page)).invitations.map(({ state, email: to }) => [state, to])).toEqual([
      ['sent', right],
      ['cancelled', email],
    ]);
    const invites = server()
      .world.journal.list({ simulator: 'coderbyte', kind: 'api' })
      .filter(({ what, status, detail }) => what.startsWith('POST') && status === 201 && JSON.stringify(detail).includes(right));
    expect(invites).toHaveLength(1);
  });

  test('takes the extra time along', async () => {
    const { page } = await invited();
    await act(PATHS.commands.extraTime, page, { percent: 50 });
    await act(PATHS.commands.correctEmail, page, { email: `${randomUUID()}@right.example` });
    expect(await (await extraTimeOf(page, ben)).json()).toMatchObject({ percent: 50 });
  });
});

test('a reminder goes out before the deadline, once, also over a restart, and not after the candidate has begun', async () => {
  const { company } = server();
  const { id } = company.assessments.backendTakeHome;
  const change = (remindDays: number[]) =>
    server().fetch(PATHS.assessment.replace('{id}', id), {
      method: 'PATCH',
      headers: { authorization: `Bearer ${company.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ remindDays }),
    });
  expect(await (await change([2])).json()).toMatchObject({ remindDays: [2] });
  const { page, email } = await invited('backendTakeHome');
  const other = await invited('backendTakeHome');
  await act(PATHS.commands.cancel, other.page);
  await change([]);
  // To noon of the day before the deadline's eve, so that it is by day whenever this runs.
  const { expiresAt } = await first(page);
  const noon = Date.parse(`${new Date(Date.parse(expiresAt ?? '') - DAY_S * 1000).toISOString().slice(0, 10)}T12:00:00Z`);
  server().clock.advance((noon - server().clock.now().getTime()) / 1000);
  await server().settle();
  await server().goDown();
  await server().comeUp();
  server().clock.advance(HOUR_S);
  await server().settle();
  expect(mailsTo(email).map(({ subject }) => subject)).toEqual([
    'Northwind: your assessment "Backend take-home"',
    'Northwind: a reminder of your assessment "Backend take-home"',
  ]);
  expect(mailsTo(other.email)).toHaveLength(1);
  expect(await texts(page)).toContain('The candidate was reminded of Backend take-home by e-mail.');
});
