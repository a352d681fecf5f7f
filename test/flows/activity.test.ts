import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ActivityEntry, activityEntrySchema, activityViewSchema } from '../../lib/contract/activity.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { verifyChain } from '../../server/audit/verify-chain.ts';
import { leverPage, type Recruiter, startTestServer, type TestServer } from '../support/test-server.ts';

/** What each way to change something writes; or why there is nothing to write. */
const DECIDED = { none: 'a click is decided on, and the decision writes the entry' };
const READS = { none: 'asks outside and keeps what it was told; changes nothing of ours' };
const ACTS: Record<string, string | { none: string }> = {
  'POST /api/pair': 'member.joined',
  'DELETE /api/me': 'browser.disconnected',
  'POST /api/commands/send': 'invitation.requested',
  'POST /api/commands/undo': 'invitation.undone',
  'POST /api/commands/take-back': DECIDED,
  'POST /api/commands/cancel': DECIDED,
  'POST /api/commands/send-again': DECIDED,
  'POST /api/commands/mark-sent': DECIDED,
  'POST /api/commands/checked': DECIDED,
  'POST /api/commands/find-outside': READS,
  'POST /api/commands/attach': DECIDED,
  'POST /api/commands/enter-result': DECIDED,
  'POST /api/commands/resend': DECIDED,
  'POST /api/commands/extend': DECIDED,
  'POST /api/commands/extra-time': 'extra-time.requested',
  'POST /api/commands/correct-email': DECIDED,
  'POST /api/commands/move': DECIDED,
  'POST /api/commands/change': DECIDED,
  'POST /api/commands/check-again': READS,
  'POST /api/commands/copy-link': 'link.copied',
  'POST /api/connections': 'connection.added',
  'PATCH /api/connections/{id}': 'connection.changed',
  'DELETE /api/connections/{id}': 'connection.removed',
  'POST /api/connections/{id}/check': READS,
  'POST /api/connections/{id}/try-endpoint': 'connection.tried',
  'POST /api/connections/{id}/access': 'access.examined',
  'POST /api/connections/{id}/consent': { none: 'consent.asked: the flow of the consent asks it' },
  'DELETE /api/connections/{id}/consent': { none: 'consent.forgotten: the flow of the consent asks it' },
  'DELETE /api/connections/{id}/set-up-key': { none: 'connection.changed, as when a secret is replaced' },
  'POST /api/connections/{id}/managed-webhooks': 'webhooks.arranged',
  'DELETE /api/connections/{id}/managed-webhooks': 'webhooks.removed',
  'PUT /api/connections/{id}/stage-roles': 'stage-roles.changed',
  'PUT /api/connections/{id}/reason-meanings': 'reason-meanings.changed',
  'POST /api/connections/{id}/catalogue': READS,
  'POST /api/webhooks/{id}/secrets': 'webhook-secret.added',
  'DELETE /api/webhooks/{id}/secrets/{secretId}': 'webhook-secret.removed',
  'POST /api/assessments': 'assessment.added',
  'PATCH /api/assessments/{id}': 'assessment.changed',
  'DELETE /api/assessments/{id}': 'assessment.archived',
  'POST /api/assessments/{id}/links': 'links.added',
  'DELETE /api/assessments/{id}/links': 'links.removed',
  'PUT /api/rules': 'rules.changed',
  'PUT /api/mail': 'mail.changed',
  'POST /api/mail/test': 'mail.tested',
  'POST /api/outgoing-hooks': 'outgoing-hook.added',
  'PATCH /api/outgoing-hooks/{id}': 'outgoing-hook.changed',
  'DELETE /api/outgoing-hooks/{id}': 'outgoing-hook.removed',
  'POST /api/outgoing-hooks/{id}/secret': 'outgoing-hook.secret-replaced',
  'POST /api/outgoing-hooks/{id}/test': 'outgoing-hook.tested',
  'PATCH /api/members/{id}': 'member.changed',
  'DELETE /api/members/{id}': 'member.revoked',
  'PUT /api/members/{id}/ats-users/{connectionId}': 'member.mapped',
  'DELETE /api/members/{id}/ats-users/{connectionId}': 'member.mapped',
  'POST /api/codes': 'code.made',
  'DELETE /api/codes/{id}': 'code.revoked',
  'POST /api/failures/retry': { none: 'in the tests of the failures' },
  'POST /api/failures/discard': { none: 'in the tests of the failures' },
  'POST /api/deliveries/{id}/replay': { none: 'in the tests of the failures' },
  'POST /api/erasures': { none: 'in the tests of the erasure' },
  'POST /hooks/{token}': { none: 'a webhook is a hint; what comes of it is decided and written then' },
};

const SECRET = 'lever-key-nobody-may-read-9Qz7';
let office: TestServer;
let ben: Recruiter;
let key: string;

beforeAll(async () => {
  office = await startTestServer({ setUp: { rules: { holdSeconds: 10 } } });
  ben = await office.join('Ben Okafor');
});
afterAll(() => office?.close());

const call = async (method: string, path: string, body?: unknown, token = office.company.token) => {
  const answer = await office.fetch(path, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
};
const activity = async (query = '') => activityViewSchema.parse(await call('GET', `${PATHS.activity}${query}`));
const all = async (query = ''): Promise<ActivityEntry[]> => (await activity(`?limit=500${query}`)).entries;
const exported = async (query: string) => {
  const answer = await office.fetch(`${PATHS.activityExport}${query}`, {
    headers: { authorization: `Bearer ${office.company.token}` },
  });
  expect(answer.status).toBe(200);
  return await answer.text();
};

describe('the activity', () => {
  test('tells every act of an admin, with what it changed and no secret', async () => {
    const { connections } = office.company;
    const lever = `/api/connections/${connections.lever.id}`;
    await call('PATCH', lever, { name: 'Lever EU', secrets: { apiKey: SECRET } });
    await call('PATCH', lever, { name: 'Lever', secrets: { apiKey: office.world.seeds.lever.key.secret } });
    await call('POST', `${lever}/access`, {});
    const own = await call('POST', '/api/connections', { name: 'Second', settings: { kind: 'byteboard' }, secrets: {} });
    const made = await call('POST', `/api/webhooks/${own.webhooks[0].id}/secrets`, {});
    await call('DELETE', `/api/webhooks/${own.webhooks[0].id}/secrets/${made.webhook.secrets[0].id}`);
    await call('DELETE', `/api/connections/${own.id}`);
    const coderbyte = `/api/connections/${connections.coderbyte.id}`;
    await call('POST', `${coderbyte}/try-endpoint`, { endpoint: 'invite' });
    await call('POST', `${lever}/managed-webhooks`, {});
    await call('DELETE', `${lever}/managed-webhooks`);
    const pooled = await call('POST', '/api/assessments', {
      ...newAssessment(connections.byteboard.id),
      linkTemplate: null,
      linkFrom: 'pool',
    });
    await call('POST', `/api/assessments/${pooled.id}/links`, { links: ['https://example.com/one', 'https://example.com/two'] });
    await call('DELETE', `/api/assessments/${pooled.id}/links`);
    await call('PATCH', `/api/assessments/${pooled.id}`, { passMark: 55 });
    await call('DELETE', `/api/assessments/${pooled.id}`);
    await call('PUT', '/api/rules', { ...(await call('GET', '/api/rules')), leavingGraceMinutes: 7 });
    await call('POST', '/api/mail/test', { to: 'rosa@northwind.example' });
    const hook = await call('POST', '/api/outgoing-hooks', {
      name: 'Chat',
      url: 'https://chat.example.com/x/secret-path',
      events: ['invitation.sent'],
    });
    await call('PATCH', `/api/outgoing-hooks/${hook.hook.id}`, { name: 'Team chat' });
    await call('POST', `/api/outgoing-hooks/${hook.hook.id}/secret`);
    await call('POST', `/api/outgoing-hooks/${hook.hook.id}/test`);
    await call('DELETE', `/api/outgoing-hooks/${hook.hook.id}`);
    const code = await call('POST', '/api/codes', { role: 'viewer', note: '=HYPERLINK("http://evil")' });
    await call('DELETE', `/api/codes/${code.id}`);
    await office.join('Erin Vogt');
    const { members } = await call('GET', '/api/members');
    const { id } = members.find(({ name }: { name: string }) => name === 'Erin Vogt');
    await call('PATCH', `/api/members/${id}`, { role: 'viewer', email: 'erin@northwind.example' });
    await call('PUT', `/api/members/${id}/ats-users/${connections.lever.id}`, { userId: null });
    await call('DELETE', `/api/members/${id}/ats-users/${connections.lever.id}`);
    await call('DELETE', `/api/members/${id}`);
    const fay = await office.join('Fay');
    await call('DELETE', '/api/me', undefined, fay.token);

    const entries = await all();
    const changed = entries.find(
      ({ action, changes }) => action === 'connection.changed' && changes.some(({ after }) => after === 'Lever EU'),
    );
    expect(changed).toMatchObject({
      who: { kind: 'member', name: 'Rosa Ibarra' },
      what: 'Connection changed',
      connection: { id: connections.lever.id },
      changes: expect.arrayContaining([
        { field: 'name', before: 'Lever', after: 'Lever EU' },
        { field: 'secret api key', before: expect.stringMatching(/^… .{4}$/), after: '… 9Qz7' },
      ]),
    });
    const { rows } = await office.server.services.db.execute<{ detail: string }>(sql`select detail from tagalong.audit_details`);
    const text = rows.map(({ detail }) => detail).join('\n');
    for (const secret of [
      SECRET,
      office.world.seeds.lever.key.secret,
      made.secret,
      hook.secret,
      'secret-path',
      'example.com/one',
    ])
      expect(text).not.toContain(secret);
  });

  test('tells every decision about a candidate: who, on whom, why, before and after', async () => {
    key = await sendToSomebody();
    const entries = await all(`&application=${key}`);
    const requested = entries.find(({ action }) => action === 'invitation.requested');
    expect(requested).toMatchObject({
      who: { kind: 'member', name: 'Ben Okafor' },
      what: 'Invitation asked for',
      candidate: { applicationKey: key, erased: false },
      why: [expect.stringContaining('Ben Okafor')],
    });
    expect(requested?.candidate?.name).toBeTruthy();
    expect(entries.find(({ action }) => action === 'invitation.sent')).toMatchObject({
      who: { kind: 'system', name: 'Tagalong' },
    });
    expect(entries.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['invitation.undone', 'extra-time.seen', 'effect.done']),
    );
    expect(JSON.stringify(entries)).not.toMatch(/extra time percent|"25"/);
  });

  test('each way to change something is written down, or it is said why not', async () => {
    const { paths } = await call('GET', PATHS.openapi);
    const ways = Object.entries<Record<string, unknown>>(paths).flatMap(([path, methods]) =>
      Object.keys(methods).flatMap((method) => (method === 'get' ? [] : [`${method.toUpperCase()} ${path}`])),
    );
    expect(ways.filter((way) => !(way in ACTS))).toEqual([]);
    const written = new Set((await all()).map(({ action }) => action));
    const wanted = Object.values(ACTS).filter((act) => typeof act === 'string');
    expect([...new Set(wanted)].filter((action) => !written.has(action))).toEqual([]);
  });

  test('is found by text, person, action, connection and time, and is paged without a gap', async () => {
    const everything = await all();
    expect((await all('&text=asked%20for')).some(({ action }) => action === 'invitation.requested')).toBe(true);
    expect((await all('&text=9Qz7')).map(({ action }) => action)).toEqual(['connection.changed', 'connection.changed']);
    expect(await all('&text=100%25_nothing')).toEqual([]);
    const rosa = office.company.member.id;
    expect((await all(`&member=${rosa}`)).every(({ who }) => who.id === rosa)).toBe(true);
    expect((await all('&action=rules.changed')).every(({ action }) => action === 'rules.changed')).toBe(true);
    const ofLever = await all(`&connection=${office.company.connections.lever.id}`);
    expect(ofLever.length).toBeGreaterThan(3);
    expect(ofLever.length).toBeLessThan(everything.length);
    expect(await all('&to=2020-01-01T00:00:00Z')).toEqual([]);
    const paged: string[] = [];
    for (let query = '?limit=7'; ; ) {
      const { entries, next } = await activity(query);
      paged.push(...entries.map(({ id }) => id));
      if (next === null) break;
      query = `?limit=7&before=${next}`;
    }
    expect(paged).toEqual(everything.map(({ id }) => id));
    await expect(call('GET', PATHS.activity, undefined, ben.token)).rejects.toThrow('403');
    await expect(call('GET', PATHS.activityExport, undefined, ben.token)).rejects.toThrow('403');
  });

  test('goes out as a file that no spreadsheet takes for a formula, and that too is written down', async () => {
    const count = (await all()).length;
    const csv = await exported('?format=csv');
    const lines = csv.replace('\uFEFF', '').trimEnd().split('\r\n');
    expect(lines[0]).toContain('seq,at,who');
    expect(lines).toHaveLength(count + 2);
    expect(csv).not.toMatch(/(^|,|\r\n)"?[=+@-]/);
    await exported('?format=csv&text=Ada%20Moreno');
    const [searched] = await all('&action=activity.exported');
    expect(JSON.stringify(searched)).toContain('searched');
    expect(JSON.stringify(searched)).not.toContain('Ada');
    const json = (await exported('?format=ndjson&action=activity.exported')).trimEnd().split('\n');
    const entries = json.map((line) => activityEntrySchema.parse(JSON.parse(line)));
    expect(entries.map(({ who, changes }) => [who.name, changes.map(({ after }) => after)])).toEqual([
      ['Rosa Ibarra', ['ndjson', 'activity.exported']],
      ['Rosa Ibarra', ['csv', 'yes']],
      ['Rosa Ibarra', ['csv']],
    ]);
  });

  test('is linked into a chain that verifies', async () => {
    const { services } = office.server;
    await office.until(async () => expect((await verifyChain(services)).waiting).toBe(0));
    const verified = await verifyChain(services);
    expect(verified.fault).toBeNull();
    const { head } = await activity();
    expect(head).toBe(`${verified.head?.seq}:${verified.head?.hash}`);
  });
});

function newAssessment(vendorConnectionId: string) {
  return {
    vendorConnectionId,
    externalId: 'pool-1',
    name: 'Pooled',
    kind: 'test',
    durationMinutes: 60,
    tag: 'Pooled',
    passMark: null,
    deadlineDays: 7,
    handover: 'copy link',
  };
}

/** A click, undone; another, sent; its link copied; extra time set and looked at. Answers the application's key. */
async function sendToSomebody(): Promise<string> {
  const { lever, seeds } = office.world;
  const contactId = lever.play.createContact({ name: 'Ada Moreno', emails: ['ada.moreno@mail.example'] }).id;
  const { phoneScreen: stageId } = seeds.lever.stages;
  const page = leverPage(
    lever.play.createOpportunity({ contactId, postingId: seeds.lever.postings.backend, stageId, tags: [] }).id,
  );
  const view = await ben.open(page);
  const held = await ben.send(view, { assessmentId: office.company.assessments.seniorSwe.id });
  const heldId = held.view?.kind === 'application' ? (held.view.invitations[0]?.id ?? '') : '';
  await ben.command(PATHS.commands.undo, view, { invitationId: heldId }, page);
  await ben.command(PATHS.commands.extraTime, view, { invitationId: null, percent: 25 }, page);
  await call('GET', `${PATHS.extraTime}?applicationKey=${view.key}`, undefined, ben.token);
  await ben.send(view, { assessmentId: office.company.assessments.backendTakeHome.id, retake: true });
  office.clock.advance(11);
  const sent = await office.until(async () => {
    const now = await ben.open(page);
    const invitation = now.invitations.find(({ state }) => state === 'sent');
    if (!invitation) throw new Error(`not sent: ${JSON.stringify(now.invitations.map(({ state }) => state))}`);
    return invitation;
  });
  await call(
    'POST',
    PATHS.commands.copyLink,
    {
      actionId: randomUUID(),
      applicationKey: view.key,
      invitationId: sent.id,
      page,
      clickedAt: office.clock.now().toISOString(),
    },
    ben.token,
  );
  await office.settle();
  return view.key;
}
