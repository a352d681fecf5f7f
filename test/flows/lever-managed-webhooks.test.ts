import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { PATHS } from '../../lib/contract/paths.ts';
import { arrangedWebhooksSchema, connectionViewSchema, webhookViewSchema } from '../../lib/contract/settings.ts';
import { leverWebhooks } from '../../server/ats/lever/index.ts';
import { useTestServer } from '../support/test-server.ts';

const server = useTestServer({ world: { lever: { rateLimit: null, allowHttpWebhooks: true } } });
const EVENTS = leverWebhooks.events.map(({ name }) => name);
let id: string;
beforeAll(async () => {
  const { world, company } = server();
  const { secret } = world.lever.play.createKey({ label: 'second', permissions: ['webhooks:read', 'webhooks:write'] });
  const settings = { kind: 'lever', apiUrl: world.urls.leverApi, performAs: world.seeds.lever.users.admin };
  const body = { name: 'Second Lever', settings, secrets: { apiKey: secret } };
  id = (await company.api.call(connectionViewSchema, 'POST', PATHS.connections, body)).id;
});

const call = (method: string) =>
  server().company.api.call(arrangedWebhooksSchema, method, PATHS.managedWebhooks.replace('{id}', id));
const didOf = async (method: string) => (await call(method)).webhooks.map(({ did }) => did);
const view = () => server().company.api.call(connectionViewSchema, 'GET', PATHS.connection.replace('{id}', id));
const ours = async () => {
  const urls = (await view()).webhooks.map(({ url }) => url);
  return [...server().world.lever.account.webhooks.values()].filter(({ url }) => urls.includes(url));
};

describe('webhooks through the API of Lever', () => {
  test('are made once for each event, with the token that Lever shows once, and a word about the switch', async () => {
    const before = server().world.lever.account.webhooks.size;
    const { webhooks, reminder } = await call('POST');
    expect(webhooks.map(({ event }) => event).toSorted()).toEqual(EVENTS.toSorted());
    expect(new Set(webhooks.map(({ did }) => did))).toEqual(new Set(['created']));
    expect(reminder).toContain('Super Admin');
    expect(server().world.lever.account.webhooks.size).toBe(before + EVENTS.length);
    expect((await view()).webhooks.every(({ secrets }) => secrets.length === 1)).toBe(true);
  });

  test('are left as they are when nothing is wrong', async () => {
    expect(new Set(await didOf('POST'))).toEqual(new Set(['kept']));
    expect(await ours()).toHaveLength(EVENTS.length);
  });

  test('bring deliveries that are accepted, once the event is on', async () => {
    const { world } = server();
    const [webhook] = await ours();
    world.lever.play.switchEvent({ event: webhook?.event ?? 'candidateHired', on: true });
    await world.lever.direct.verifyConnection({ webhookId: webhook?.id ?? '' });
    await world.settle();
    expect((await view()).webhooks.find(({ url }) => url === webhook?.url)?.lastTestAt).not.toBeNull();
  });

  test('are made again when one is missing, and a duplicate or a dead address of ours is removed; others stay', async () => {
    const { lever } = server().world;
    const [missing, doubled] = await ours();
    if (!missing || !doubled) throw new Error('no webhooks');
    lever.account.webhooks.delete(missing.id);
    const again = { ...doubled, id: 'the-duplicate' };
    lever.account.webhooks.set(again.id, again);
    lever.account.webhooks.set('stray', {
      ...doubled,
      id: 'stray',
      url: `${server().address}/hooks/of-an-older-connection-0000`,
    });
    lever.account.webhooks.set('other', { ...doubled, id: 'other', url: 'https://another-vendor.example/hook' });
    const dids = await didOf('POST');
    expect(dids.toSorted()).toEqual([...EVENTS.slice(2).map(() => 'kept'), 'created', 'removed', 'repaired'].toSorted());
    expect(await ours()).toHaveLength(EVENTS.length);
    expect([...lever.account.webhooks.keys()]).toContain('other');
    expect([...lever.account.webhooks.keys()]).not.toContain('stray');
  });

  test('are made anew where the token was lost, since Lever shows it once', async () => {
    const { company } = server();
    const webhook = (await view()).webhooks[0];
    const path = PATHS.webhookSecret.replace('{id}', webhook?.id ?? '').replace('{secretId}', webhook?.secrets[0]?.id ?? '');
    await company.api.call(webhookViewSchema, 'DELETE', path);
    const before = new Set((await ours()).map(({ id: remoteId }) => remoteId));
    expect(await didOf('POST')).toContain('repaired');
    expect((await ours()).filter(({ id: remoteId }) => !before.has(remoteId))).toHaveLength(1);
    expect((await view()).webhooks.every(({ secrets }) => secrets.length > 0)).toBe(true);
  });

  test('are made anew where one took the place of ours and the answer with its token never came', async () => {
    const { lever } = server().world;
    const [webhook] = await ours();
    if (!webhook) throw new Error('no webhooks');
    lever.account.webhooks.delete(webhook.id);
    lever.account.webhooks.set('never-told', { ...webhook, id: 'never-told', signatureToken: 'never-seen-here' });
    expect(await didOf('POST')).toContain('repaired');
    expect((await ours()).map(({ id: remoteId }) => remoteId)).not.toContain('never-told');
    expect(await ours()).toHaveLength(EVENTS.length);
    expect(new Set(await didOf('POST'))).toEqual(new Set(['kept']));
  });

  test('of an earlier token are taken until the new one is seen, or for a day', async () => {
    const { lever } = server().world;
    const remake = async () => {
      const [webhook] = await ours();
      if (!webhook) throw new Error('no webhooks');
      lever.account.webhooks.delete(webhook.id);
      await call('POST');
      return webhook;
    };
    const send = async (webhook: { url: string; signatureToken: string | null }, token: string) => {
      const triggeredAt = server().clock.now().getTime();
      const signature = createHmac('sha256', webhook.signatureToken ?? '')
        .update(`${token}${triggeredAt}`)
        .digest('hex');
      const data = { opportunityId: server().world.seeds.lever.opportunities.ada };
      const body = JSON.stringify({ event: 'candidateHired', triggeredAt, token, signature, data });
      return (await server().fetch(new URL(webhook.url).pathname, { method: 'POST', body })).status;
    };
    const newOne = async (old: { url: string }) => (await ours()).find(({ url }) => url === old.url) ?? old;
    const old = await remake();
    expect(await send(old, 'still-on-its-way')).toBe(200);
    expect(await send(old, 'still-on-its-way-too')).toBe(200);
    expect(await send((await newOne(old)) as typeof old, 'the-first-new')).toBe(200);
    expect(await send(old, 'too-late')).toBe(401);
    const older = await remake();
    server().clock.advance(24 * 3600 - 60);
    expect(await send(older, 'within-the-day')).toBe(200);
    server().clock.advance(120);
    expect(await send(older, 'after-the-day')).toBe(401);
  });

  test('are made once when the button is pressed twice at the same moment', async () => {
    const { world, company } = server();
    for (const { id: remoteId } of await ours()) world.lever.account.webhooks.delete(remoteId);
    const path = `${server().address}${PATHS.managedWebhooks.replace('{id}', id)}`;
    const press = async () =>
      (await fetch(path, { method: 'POST', headers: { authorization: `Bearer ${company.token}` } })).status;
    const statuses = await Promise.all([press(), press(), press()]);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(0);
    expect(statuses.filter((status) => status !== 200 && status !== 409)).toEqual([]);
    expect(await ours()).toHaveLength(EVENTS.length);
    expect(new Set(await didOf('POST'))).toEqual(new Set(['kept']));
  });

  test('are taken away with their tokens', async () => {
    expect(new Set(await didOf('DELETE'))).toEqual(new Set(['removed']));
    expect(await ours()).toEqual([]);
  });
});
