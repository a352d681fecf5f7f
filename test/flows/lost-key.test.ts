import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { PATHS } from '../../lib/contract/paths.ts';
import {
  type ConnectionView,
  checkAnswerSchema,
  connectionViewSchema,
  madeOutgoingHookSchema,
  mailViewSchema,
  setUpKeyAnswerSchema,
  testMailAnswerSchema,
} from '../../lib/contract/settings.ts';
import { giveUpLostKey } from '../../server/storage/give-up-lost-key.ts';
import { webhookEndpoints } from '../../server/storage/schema.ts';
import { signLikeGreenhouse, signLikeLever } from '../support/accept/signed-deliveries.ts';
import { connectHackerrank } from '../support/connect-hackerrank.ts';
import { readFixture } from '../support/read-fixture.ts';
import { leverPage, useTestServer } from '../support/test-server.ts';

const server = useTestServer({ world: { lever: { rateLimit: null }, hackerrank: { settings: { callsPerSecond: null } } } });
let vendor: Awaited<ReturnType<typeof connectHackerrank>>;
let hookId: string;
let eve: Awaited<ReturnType<typeof invite>>;
const to = (path: string, id: string) => path.replace('{id}', id);
const look = (id: string) => server().company.api.call(connectionViewSchema, 'GET', to(PATHS.connection, id));
const check = (id: string) => server().company.api.call(checkAnswerSchema, 'POST', to(PATHS.connectionCheck, id), {});

/** As the admin's form does it: all settings, and the secrets that were typed in. */
async function enter({ id }: Pick<ConnectionView, 'id'>, secrets: Record<string, string>, change: object = {}): Promise<void> {
  const { name, settings } = await look(id);
  const body = { name, settings: { ...settings, ...change }, secrets };
  await server().company.api.call(connectionViewSchema, 'PATCH', to(PATHS.connection, id), body);
}

const enterSigning = (webhookId: string, secret?: string) =>
  server().company.api.call(z.object({ secret: z.string().nullable() }), 'POST', to(PATHS.webhookSecrets, webhookId), { secret });

async function deliver(url: string | null, { headers, body }: { headers: Record<string, string>; body: Buffer }) {
  const init = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: new Uint8Array(body) };
  return (await fetch(url ?? '', init)).status;
}

beforeAll(async () => {
  const { company, world } = server();
  vendor = await connectHackerrank(server());
  const { secret: setupKey } = world.lever.play.createKey({ label: 'set-up', permissions: ['stages:read', 'webhooks:write'] });
  await enter(company.connections.lever, { setupKey });
  // The address is shown to HackerRank with the first invitation, and then has its secret.
  eve = await invite();
  await setExtraTime(eve, 50);
  const made = await company.api.call(madeOutgoingHookSchema, 'POST', PATHS.outgoingHooks, {
    ...{ name: 'Warehouse', url: `https://${world.testHosts.split(',')[0]}/hook`, events: ['invitation.sent'] },
  });
  hookId = made.hook.id;
  await server().goDown();
  await server().comeUp(randomBytes(32));
  const { services } = server().server;
  await services.db.transaction((tx) => giveUpLostKey(tx, services));
});

async function invite() {
  const { lever, seeds } = server().world;
  const email = `${randomUUID()}@mail.example`;
  const { id: contactId } = lever.play.createContact({ name: 'Ada Moreno', emails: [email] });
  const { postings, stages } = seeds.lever;
  const where = { postingId: postings.backend, stageId: stages.phoneScreen };
  const page = leverPage(lever.play.createOpportunity({ contactId, ...where, tags: [] }).id);
  const ben = await server().join('Ben');
  expect(await ben.send(await ben.open(page), { assessmentId: vendor.assessment.id })).toMatchObject({ outcome: 'done' });
  server().clock.advance(11);
  const reaches = (state: string) =>
    server().until(async () => expect((await ben.open(page)).invitations).toMatchObject([{ state }]));
  await reaches('sent');
  return { email, page, ben, reaches };
}

const setExtraTime = async ({ ben, page }: typeof eve, percent: number) =>
  await ben.command(PATHS.commands.extraTime, await ben.open(page), { invitationId: null, percent });

async function extraTimeOf({ ben, page }: typeof eve) {
  const { key } = await ben.open(page);
  const answer = await server().fetch(`${PATHS.extraTime}?applicationKey=${key}`, {
    headers: { authorization: `Bearer ${ben.token}` },
  });
  return await answer.json();
}

describe('after the master key was lost, with another one', () => {
  test('Greenhouse takes its credentials again, and a webhook that is signed with a secret entered again', async () => {
    const { company, world } = server();
    const { greenhouse } = company.connections;
    expect((await check(greenhouse.id)).ok).toBe(false);
    // A setting alone can be changed as well: the fields cannot be listed, so they are taken as they are.
    await enter(greenhouse, {}, { writeBack: { statusField: '4711' } });
    await enter(greenhouse, { ...world.greenhouse.credential }, { writeBack: { statusField: '' } });
    expect(await check(greenhouse.id)).toMatchObject({ ok: true });
    const hook = greenhouse.webhooks.find(({ event }) => event === 'candidate_stage_change');
    const secret = 'signs-what-greenhouse-tells';
    await enterSigning(hook?.id ?? '', secret);
    const signed = signLikeGreenhouse({ kind: 'greenhouse', path: '', secret }, randomUUID());
    expect(await deliver(hook?.url ?? null, signed)).toBe(200);
  });

  test('Greenhouse tells in a sentence what a move to its other API lacks', async () => {
    const { company } = server();
    const { greenhouse } = company.connections;
    const { settings } = await look(greenhouse.id);
    const moved = { ...settings, api: 'v1', serviceUserId: '4001' };
    const answer = await server().fetch(to(PATHS.connection, greenhouse.id), {
      method: 'PATCH',
      headers: { authorization: `Bearer ${company.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ settings: moved, secrets: {} }),
    });
    expect(answer.status).toBe(422);
    expect(JSON.stringify(await answer.json())).toContain('API key of Greenhouse is missing');
  });

  test('Lever takes its lasting key again and works without the set-up key, which can be forgotten unproved', async () => {
    const { company, world } = server();
    const { lever } = company.connections;
    const refused = await server().fetch(to(PATHS.stages, lever.id), { headers: { authorization: `Bearer ${company.token}` } });
    expect(await refused.json()).toMatchObject({
      error: { code: 'ats-refused', message: expect.stringContaining('master key') },
    });
    await enter(lever, { apiKey: world.seeds.lever.key.secret });
    expect(await check(lever.id)).toMatchObject({ ok: true });
    const forgotten = await company.api.call(setUpKeyAnswerSchema, 'DELETE', to(PATHS.setUpKey, lever.id));
    expect(forgotten).toMatchObject({ dead: false, message: expect.stringMatching(/forgotten here.*Revoke it in Lever/) });
    expect((await look(lever.id)).secrets.map(({ name }) => name)).toEqual(['apiKey']);
    const hook = lever.webhooks.find(({ event }) => event === 'candidateStageChange');
    const secret = 'signs-what-lever-tells';
    await enterSigning(hook?.id ?? '', secret);
    const signed = signLikeLever({ kind: 'lever', path: '', secret }, randomUUID(), server().clock.now().getTime());
    expect(await deliver(hook?.url ?? null, signed)).toBe(200);
  });

  test('Coderbyte takes its key again, which signs its webhooks from then on; the lost one counts for nothing', async () => {
    const { company, world } = server();
    const { coderbyte } = company.connections;
    const apiKey = world.coderbyte.apiKey();
    await enter(coderbyte, { apiKey });
    expect(await check(coderbyte.id)).toMatchObject({ ok: true });
    const [hook] = (await look(coderbyte.id)).webhooks;
    expect(hook?.previous).toEqual([]);
    const signed = [{ alg: 'HS256' }, { iss: world.coderbyte.organizationId }]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const authorization = `Bearer ${signed}.${createHmac('sha256', apiKey).update(signed).digest('base64url')}`;
    const body = Buffer.from(JSON.stringify(await readFixture('coderbyte/webhook-assessment-completed')));
    expect(await deliver(hook?.url ?? null, { headers: { authorization }, body })).toBe(200);
  });

  test('HackerRank takes its key again, and is told another secret of its address with the next invitation', async () => {
    const { server: ours, company, world } = server();
    const { services } = ours;
    await enter(company.connections.lever, { apiKey: world.seeds.lever.key.secret });
    await enter(vendor.connection, { apiKey: vendor.hackerrank.apiKey() });
    expect(await check(vendor.connection.id)).toMatchObject({ ok: true });
    const ada = await invite();
    const secretsOf = async () => (await services.db.select().from(webhookEndpoints)).find(isOfVendor)?.secrets.length;
    expect(await secretsOf()).toBe(2);
    const candidateId = vendor.last(ada.email).id;
    vendor.hackerrank.play.start({ candidateId });
    vendor.hackerrank.play.submit({ candidateId, score: 82 });
    await ada.reaches('scored');
    const told = { simulator: 'hackerrank', kind: 'webhook' } as const;
    const statuses = vendor.hackerrank.journal.list(told).map(({ status }) => status);
    expect([...new Set(statuses)]).toEqual([200]);
    await invite();
    expect(await secretsOf()).toBe(2);
  });
  const isOfVendor = ({ connectionId }: { connectionId: string }) => connectionId === vendor.connection.id;

  test('the extra time of a candidate is said to be locked, goes to no other address, and is set again', async () => {
    const { company, world } = server();
    await enter(company.connections.lever, { apiKey: world.seeds.lever.key.secret });
    await enter(vendor.connection, { apiKey: vendor.hackerrank.apiKey() });
    expect(await extraTimeOf(eve)).toMatchObject({ percent: null, isLocked: true });
    const view = await eve.ben.open(eve.page);
    const corrected = { invitationId: view.invitations[0]?.id, email: `${randomUUID()}@right.example` };
    expect(await eve.ben.refusal(PATHS.commands.correctEmail, view, corrected)).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('Set it again'),
    });
    await setExtraTime(eve, 75);
    expect(await extraTimeOf(eve)).toEqual({ percent: 75, reaches: 'each', vendorName: '' });
  });

  test('the mail server and the secret of another system are entered again', async () => {
    const { company, world } = server();
    const tried = company.api.call(testMailAnswerSchema, 'POST', PATHS.mailTest, { to: 'ada@mail.example' });
    await expect(tried).rejects.toThrow('does not open with this server’s master key. The warnings in the settings');
    const mail = { smtpUrl: world.urls.smtp, from: 'Northwind hiring <jobs@northwind.example>' };
    await company.api.call(mailViewSchema, 'PUT', PATHS.mail, mail);
    const sent = await company.api.call(testMailAnswerSchema, 'POST', PATHS.mailTest, { to: 'ada@mail.example' });
    expect(sent).toMatchObject({ ok: true });
    const renewed = await company.api.call(madeOutgoingHookSchema, 'POST', to(PATHS.outgoingHookSecret, hookId), {});
    expect(renewed.secret).toMatch(/^whsec_/);
  });
});
