import { beforeEach, expect, test } from 'vitest';
import { assessments } from '../../../server/storage/schema.ts';
import { lookAhead } from '../../../server/storage/transfer/look-ahead.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';

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
