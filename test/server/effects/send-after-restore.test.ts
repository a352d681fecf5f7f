import { beforeEach, describe, expect, test } from 'vitest';
import { assessments, effects, invitations } from '../../../server/storage/schema.ts';
import { lookAhead } from '../../../server/storage/transfer/look-ahead.ts';
import type { FoundInvitation } from '../../../server/vendors/operations.ts';
import { UNREACHABLE } from '../../support/fake-systems.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { BEN } from '../../support/workflow-story.ts';

const pipeline = usePipeline();
let p: Pipeline;
beforeEach(() => {
  p = pipeline.current();
});

/** An invitation was on its way when the backup was made, and the data are those of the backup now. */
async function restored(story: Pipeline['vendor']['adapter']['capabilities']['inviteStory']) {
  p.vendor.adapter.capabilities.inviteStory = story;
  const { key, effectId } = await p.sending();
  p.pass(3600);
  await p.db.transaction((tx) => lookAhead(tx, { now: p.now, detail: 'a backup.' }));
  return { key, effectId };
}

/** As a vendor shows it that does not tell whose it is; made a moment after the backup. */
const openOne = (): FoundInvitation => ({
  externalId: 'there',
  invitationId: null,
  email: 'ada@mail.example',
  invitedAt: new Date(p.now.getTime() - 3000_000).toISOString(),
  expiresAt: null,
  report: { state: 'sent', startedAt: null, submittedAt: null, result: null },
});

const stateOf = async (key: string) => (await p.invitationsOf(key)).map(({ state }) => state);

test.each(['look', 'key', 'unconfirmed'] as const)(
  'what a backup has as still to be sent is sent by nobody but a person: %s',
  async (story) => {
    const { key } = await restored(story);
    p.pass(5);
    await p.settle();
    expect(p.vendor.invited).toEqual([]);
    expect(await stateOf(key)).toEqual(['unconfirmed']);
    expect((await p.invitationsOf(key))[0]?.trouble?.values.detail).toMatch(
      /restored from a backup|answer of Coderbyte was lost/,
    );
  },
);

test('what the vendor has of it went out, and is known again', async () => {
  const { key } = await restored('look');
  p.vendor.adapter.findInvitation = async ({ invitationId }) => ({
    ok: true,
    value: { externalId: `there-${invitationId}`, link: null, expiresAt: null, emailedBy: 'vendor' },
  });
  await p.settle();
  expect(p.vendor.invited).toEqual([]);
  expect(await p.invitationsOf(key)).toMatchObject([{ state: 'sent', externalId: expect.stringMatching(/^there-/) }]);
});

test('where no one-time link is left for it, the server before may have had one', async () => {
  const { key } = await restored('key');
  p.vendor.adapter.capabilities.invite = 'link';
  await p.db.update(assessments).set({ linkTemplate: null });
  await p.settle();
  expect(await stateOf(key)).toEqual(['unconfirmed']);
});

test('what is cut off later is looked for and sent as ever', async () => {
  await restored('look');
  p.pass(1);
  const later = await p.sending();
  await p.db.execute(`update tagalong.effects set state = 'calling' where id = '${later.effectId}'`);
  await p.settle();
  expect(p.vendor.invited).toHaveLength(1);
  expect(await stateOf(later.key)).toEqual(['sent']);
});

const REFUSED = { ok: false, kind: 'refused', status: 422, detail: 'no' } as const;

/** Those of which the backup says that they failed, or were held: a person asks for them again. */
async function clicked(state: 'failed' | 'held', story: 'look' | 'key') {
  p.vendor.adapter.capabilities.inviteStory = story;
  const { key, invitationId } = await p.sending();
  await p.db.update(effects).set({ state: 'failed', finishedAt: p.now });
  await p.db.update(invitations).set({ state });
  p.pass(3600);
  await p.db.transaction((tx) => lookAhead(tx, { now: p.now, detail: 'a backup.' }));
  p.pass(60);
  await p.put(key, { kind: 'send-again', by: BEN, invitationId });
  await p.lane(key);
  return { key, invitationId };
}

describe.each(['failed', 'held'] as const)('%s in the backup, and sent since by the server before', (state) => {
  test('a click finds it at the vendor, and makes no second one', async () => {
    const { key } = await clicked(state, 'look');
    p.vendor.adapter.findInvitation = async () => ({
      ok: true,
      value: { externalId: 'there', link: null, expiresAt: null, emailedBy: 'vendor' },
    });
    await p.settle();
    expect(p.vendor.invited).toEqual([]);
    expect(await p.invitationsOf(key)).toMatchObject([{ state: 'sent', externalId: 'there' }]);
  });

  test('a vendor that gives the open one back is asked for it, although that one looks like one from outside', async () => {
    const { key, invitationId } = await clicked(state, 'key');
    p.vendor.operations.findInvitations = async () => ({ ok: true, value: [openOne()] });
    await p.settle();
    expect(p.vendor.invited).toMatchObject([{ invitationId }]);
    expect(await stateOf(key)).toEqual(['sent']);
  });

  test('a click sends it where the vendor has none', async () => {
    const { key } = await clicked(state, 'look');
    await p.settle();
    expect(p.vendor.calls).toEqual(['findInvitation', 'invite']);
    expect(await stateOf(key)).toEqual(['sent']);
  });

  test('what the vendor cannot be asked for just now waits', async () => {
    const { key } = await clicked(state, 'look');
    p.vendor.fail('findInvitation', UNREACHABLE);
    await p.settle();
    expect(p.vendor.invited).toEqual([]);
    expect(await stateOf(key)).toEqual(['sending']);
  });

  test('once it was asked for here and surely failed, it is as any other', async () => {
    const { key, invitationId } = await clicked(state, 'look');
    p.vendor.fail('invite', REFUSED);
    await p.settle();
    expect(await stateOf(key)).toEqual(['failed']);
    p.vendor.calls.length = 0;
    p.pass(60);
    await p.put(key, { kind: 'send-again', by: BEN, invitationId });
    await p.lane(key);
    await p.settle();
    expect(p.vendor.calls).toEqual(['invite']);
  });
});
