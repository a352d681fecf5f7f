import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import {
  addPoolLinks,
  countPoolLinks,
  deleteFreePoolLinks,
  findFilledPools,
  returnPoolLink,
  takePoolLink,
} from '../../../server/storage/pool-links.repository.ts';
import { assessments, decisions, effects, invitations, poolLinks } from '../../../server/storage/schema.ts';
import { createSealer, UnreadableSecret } from '../../../server/storage/seal.ts';
import { createByteboardAdapter } from '../../../server/vendors/byteboard/index.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';

const at = usePipeline().current;

const linkTo = (name: string) => `https://vendor.example/take/${name}?token=t-${name}`;

/** The assessment goes out as one-time links, by our e-mail. */
async function pooled(names: string[], handover: 'our e-mail' | 'copy link' = 'our e-mail'): Promise<Pipeline> {
  const p = at();
  await p.db.update(assessments).set({ linkTemplate: null, handover }).where(eq(assessments.id, p.assessment.id));
  p.vendorAnswer = { ok: true, value: createByteboardAdapter() };
  if (names.length > 0) await addPoolLinks(p.services, { assessmentId: p.assessment.id, links: names.map(linkTo) });
  return p;
}
const countOf = async (p: Pipeline) => (await countPoolLinks(p.db)).get(p.assessment.id);
const linksIn = (p: Pipeline) => p.mails.map(({ text }) => /https:\S+/.exec(text)?.[0]);

describe('one-time links', () => {
  test('are kept sealed, and the same one is taken in once', async () => {
    const p = await pooled(['a', 'b']);
    expect(await addPoolLinks(p.services, { assessmentId: p.assessment.id, links: [linkTo('b'), linkTo('c')] })).toBe(1);
    expect(await countOf(p)).toEqual({ free: 3, taken: 0 });
    expect(JSON.stringify(await p.db.select().from(poolLinks))).not.toContain('vendor.example');
  });

  test('many at once: each gets another, and who comes last none', async () => {
    const names = Array.from({ length: 20 }, (_, number) => `n${number}`);
    const p = await pooled(names);
    const take = async (): Promise<string | null> => {
      const taken = await takePoolLink(p.services, { assessmentId: p.assessment.id, invitationId: p.services.random.uuid() });
      return taken.kind === 'busy' ? await take() : taken.kind === 'taken' ? taken.link : null;
    };
    const taken = await Promise.all(Array.from({ length: 25 }, take));
    expect(taken.filter((link) => link !== null).sort()).toEqual(names.map(linkTo).sort());
  });

  test('the same invitation asking many times at once gets one and the same', async () => {
    const p = await pooled(['a', 'b', 'c']);
    const invitationId = p.services.random.uuid();
    const asked = { assessmentId: p.assessment.id, invitationId };
    const links = await Promise.all(Array.from({ length: 10 }, () => takePoolLink(p.services, asked)));
    expect(new Set(links.map((taken) => JSON.stringify(taken))).size).toBe(1);
    expect(await countOf(p)).toEqual({ free: 2, taken: 1 });
  });

  test('a list is filled as long as one is left, whatever other lists hold', async () => {
    const p = await pooled(['a']);
    const [first] = await p.db.select().from(assessments);
    if (!first) throw new Error('no assessment');
    const other = { ...first, id: p.services.random.uuid(), externalId: 'other', tag: 'Other' };
    await p.db.insert(assessments).values(other);
    const filled = async () => [...(await findFilledPools(p.db, [first.id, other.id]))];
    expect(await filled()).toEqual([first.id]);
    await takePoolLink(p.services, { assessmentId: first.id, invitationId: p.services.random.uuid() });
    expect(await filled()).toEqual([]);
    await addPoolLinks(p.services, { assessmentId: other.id, links: [linkTo('b')] });
    expect(await filled()).toEqual([other.id]);
  });

  test('one that does not open is given to nobody', async () => {
    const p = await pooled(['a', 'b']);
    const locked = { ...p.services, sealer: createSealer(randomBytes(32)) };
    const ask = (services: Pipeline['services']) =>
      takePoolLink(services, { assessmentId: p.assessment.id, invitationId: p.services.random.uuid() });
    for (let tries = 0; tries < 3; tries += 1) await expect(ask(locked)).rejects.toBeInstanceOf(UnreadableSecret);
    expect(await countOf(p)).toEqual({ free: 2, taken: 0 });
    expect((await ask(p.services)).kind).toBe('taken');
    expect(await countOf(p)).toEqual({ free: 1, taken: 1 });
  });

  test('those that nobody has can be deleted; a given one stays, and is not taken in anew', async () => {
    const p = await pooled(['a', 'b']);
    const invitationId = p.services.random.uuid();
    const taken = await takePoolLink(p.services, { assessmentId: p.assessment.id, invitationId });
    expect(await deleteFreePoolLinks(p.db, p.assessment.id)).toBe(1);
    expect(await countOf(p)).toEqual({ free: 0, taken: 1 });
    const links = taken.kind === 'taken' ? [taken.link] : [];
    expect(await addPoolLinks(p.services, { assessmentId: p.assessment.id, links })).toBe(0);
  });
});

describe('an invitation by one-time link', () => {
  test('goes out with a link of its own, which is kept with it', async () => {
    const p = await pooled(['a', 'b']);
    const first = await p.sent();
    await p.sent();
    expect(linksIn(p).toSorted()).toEqual([linkTo('a'), linkTo('b')]);
    const [row] = await p.db.select().from(invitations).where(eq(invitations.id, first.invitationId));
    expect(row?.sealedLink && p.services.sealer.open(row.sealedLink, `invitation:${first.invitationId}`)).toBe(linksIn(p)[0]);
  });

  test('is not sent while there is none, says so to who can mend it, and goes out once there is one', async () => {
    const p = await pooled([]);
    const { key, invitationId } = await p.sent();
    expect(p.mails).toEqual([]);
    const [invitation] = await p.invitationsOf(key);
    expect(invitation).toMatchObject({
      state: 'failed',
      trouble: { values: { detail: 'No links left for Senior SWE. An admin can add some.', about: 'links' } },
    });
    const reasons = (await p.db.select().from(decisions)).flatMap((row) => row.reasons);
    expect(reasons.find(({ code }) => code === 'invitation-failed')?.mend).toEqual({
      kind: 'open-settings',
      section: 'assessments',
    });
    await addPoolLinks(p.services, { assessmentId: p.assessment.id, links: [linkTo('late')] });
    await p.put(key, { kind: 'send-again', invitationId, by: { kind: 'member', memberId: 'm', name: 'Ben' } });
    await p.lane(key);
    await p.settle();
    expect(linksIn(p)).toEqual([linkTo('late')]);
  });

  test('the mail server is down for a while: the same link waits for it', async () => {
    const p = await pooled(['a', 'b']);
    p.mailer.answer = { ok: false, kind: 'unreachable', detail: 'no answer' };
    const { effectId } = await p.sending();
    await p.run(effectId);
    expect(await countOf(p)).toEqual({ free: 1, taken: 1 });
    p.mailer.answer = { ok: true, value: undefined };
    p.pass(60);
    await p.settle();
    expect(new Set(linksIn(p)).size).toBe(1);
    expect(await countOf(p)).toEqual({ free: 1, taken: 1 });
  });

  test('refused for its address: the link reached nobody and is free again', async () => {
    const p = await pooled(['a']);
    p.mailer.answer = { ok: false, kind: 'refused', status: 550, detail: 'no such mailbox' };
    await p.sent();
    expect(await countOf(p)).toEqual({ free: 1, taken: 0 });
  });

  test('whose sending was lost keeps its link for good: it may have arrived', async () => {
    const p = await pooled(['a']);
    p.mailer.answer = { ok: false, kind: 'ambiguous', detail: 'connection lost' };
    const { invitationId } = await p.sent();
    await returnPoolLink(p.db, invitationId);
    expect(await countOf(p)).toEqual({ free: 0, taken: 1 });
  });

  test('whose worker was killed while it sent keeps its link too', async () => {
    const p = await pooled(['a']);
    const { effectId, invitationId } = await p.sending();
    await takePoolLink(p.services, { assessmentId: p.assessment.id, invitationId });
    await p.db.update(effects).set({ state: 'calling', attempts: 1 }).where(eq(effects.id, effectId));
    await p.settle();
    expect((await p.effectRow(effectId)).state).toBe('unconfirmed');
    expect(await countOf(p)).toEqual({ free: 0, taken: 1 });
  });

  test('cancelled before it was sent gives its link back; one that waits again takes it', async () => {
    const p = await pooled(['a']);
    p.mailer.answer = { ok: false, kind: 'unreachable', detail: 'no answer' };
    const { effectId, invitationId } = await p.sending();
    await p.run(effectId);
    expect(await countOf(p)).toEqual({ free: 0, taken: 1 });
    await p.db.update(invitations).set({ state: 'cancelled' }).where(eq(invitations.id, invitationId));
    p.mailer.answer = { ok: true, value: undefined };
    p.mails.length = 0;
    p.pass(60);
    await p.settle();
    expect(p.mails).toEqual([]);
    expect(await countOf(p)).toEqual({ free: 1, taken: 0 });
    await p.sent();
    expect(linksIn(p)).toEqual([linkTo('a')]);
  });

  test('never puts the link into the log', async () => {
    const p = await pooled(['secretname']);
    await p.sent();
    expect(linksIn(p)).toHaveLength(1);
    expect(JSON.stringify(p.log)).not.toContain('secretname');
  });
});
