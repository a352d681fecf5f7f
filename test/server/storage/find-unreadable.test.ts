import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { ensureErasureKey } from '../../../server/erasure/erasure-key.ts';
import { say } from '../../../server/say.ts';
import { setExtraTime } from '../../../server/storage/accommodations.repository.ts';
import { sealConnectionSecrets, sealWebhookSecret } from '../../../server/storage/connection-secrets.ts';
import { findUnreadable, sayUnreadable } from '../../../server/storage/find-unreadable.ts';
import { saveMailSettings } from '../../../server/storage/mail-settings.repository.ts';
import { addHook, deleteHook } from '../../../server/storage/outgoing-hooks.repository.ts';
import { addPoolLinks, deleteFreePoolLinks, takePoolLink } from '../../../server/storage/pool-links.repository.ts';
import { assessments, connections, webhookEndpoints } from '../../../server/storage/schema.ts';
import { createSealer, type Sealer } from '../../../server/storage/seal.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';

const running = usePipeline();
const other = createSealer(randomBytes(32));
/** The two connections were made in the same moment, so nothing puts one before the other. */
const namesUnder = async ({ db }: Pipeline, sealer = other) => (await findUnreadable({ db, sealer })).names.toSorted();

const addHookTo = ({ services }: Pipeline, name: string) =>
  addHook(services, { name, url: 'https://other.example/hook', events: [], enabled: true }, 'signs-what-we-tell');

test('a credential, a signing secret, another system, the mail server and the key of the erased are each told by name', async () => {
  const p = running.current();
  const { sealer } = p.services;
  const none = await findUnreadable({ db: p.db, sealer: other });
  expect(none).toEqual({ connectionIds: new Set(), names: [] });
  expect(sayUnreadable(none)).toBeNull();

  const secrets = sealConnectionSecrets(sealer, p.vendorConnectionId, { apiKey: 'key-of-the-vendor' });
  await p.db.update(connections).set({ secrets }).where(eq(connections.id, p.vendorConnectionId));
  expect(await findUnreadable({ db: p.db, sealer: other })).toEqual({
    connectionIds: new Set([p.vendorConnectionId]),
    names: ['Coderbyte'],
  });
  const signs = { id: '1', addedAt: p.now.toISOString(), ...sealWebhookSecret(sealer, p.endpointId, 'signs-our-webhooks') };
  const address = { id: p.endpointId, connectionId: p.atsConnectionId, event: 'candidateHired', token: 'token' };
  await p.db.insert(webhookEndpoints).values({ ...address, secrets: [signs] });
  expect(await namesUnder(p)).toEqual(['Coderbyte', 'Lever']);
  await addHookTo(p, 'Our data warehouse');
  expect(await namesUnder(p)).toEqual(['Coderbyte', 'Lever', 'Our data warehouse']);
  await saveMailSettings(p.db, { from: 'us@ours.example', smtpUrl: new URL('smtps://u:p@mail.example'), now: p.now }, sealer);
  await ensureErasureKey(p.db, p.services);
  expect(await namesUnder(p)).toEqual([
    ...['Coderbyte', 'Lever', 'Our data warehouse', 'the list of erased candidates', 'the mail server'],
  ]);
  expect(await namesUnder(p, sealer)).toEqual([]);
});

const [LINKS, OTHER_LINKS] = ['Senior SWE', 'Data'].map((assessment) => say('server.unreadable.links', { assessment }));

test('links that are still to be given away are told with their assessment, and no longer once they are gone', async () => {
  const p = running.current();
  const [first] = await p.db.select().from(assessments);
  if (!first) throw new Error('no assessment');
  const second = { ...first, id: p.services.random.uuid(), externalId: 'data', tag: 'Data', name: 'Data' };
  await p.db.insert(assessments).values(second);
  const add = (assessmentId: string, sealer: Sealer, ...names: string[]) =>
    addPoolLinks({ ...p.services, sealer }, { assessmentId, links: names.map((name) => `https://vendor.example/${name}`) });
  await add(first.id, p.services.sealer, 'a', 'b');
  await add(second.id, p.services.sealer, 'c');
  expect(await namesUnder(p)).toEqual([OTHER_LINKS, LINKS].toSorted());
  expect(await namesUnder(p, p.services.sealer)).toEqual([]);
  // Some under each of two keys.
  await add(first.id, other, 'd');
  expect(await namesUnder(p)).toEqual([OTHER_LINKS, LINKS].toSorted());
  expect(await namesUnder(p, p.services.sealer)).toEqual([LINKS]);
  await deleteFreePoolLinks(p.db, first.id);
  expect(await namesUnder(p)).toEqual([OTHER_LINKS]);
  // The one to whom it was given has it.
  await takePoolLink(p.services, { assessmentId: second.id, invitationId: p.services.random.uuid() });
  expect(await namesUnder(p)).toEqual([]);
});

test('what candidates need is told as a number, without saying whose it is', async () => {
  const p = running.current();
  const set = (person: string, sealer: Sealer) =>
    setExtraTime({ db: p.db, sealer }, { person, percent: 50, setBy: p.services.random.uuid(), now: p.now });
  await set('ada@mail.example', p.services.sealer);
  await set('ben@mail.example', p.services.sealer);
  await set('cy@mail.example', other);
  expect(await namesUnder(p)).toEqual([say('server.unreadable.extra-time', { count: 2 })]);
  expect(await namesUnder(p, p.services.sealer)).toEqual([say('server.unreadable.extra-time', { count: 1 })]);
  expect(await namesUnder(p, createSealer(randomBytes(32)))).toEqual([say('server.unreadable.extra-time', { count: 3 })]);
});

test('what was deleted has no secret any more, and nobody is told of it', async () => {
  const p = running.current();
  const id = await addHookTo(p, 'Our data warehouse');
  await deleteHook(p.db, { id, now: p.now });
  expect(await namesUnder(p, p.services.sealer)).toEqual([]);
});
