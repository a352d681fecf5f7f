import { describe, expect, it } from 'vitest';
import { currentStageEntry } from '../../lib/domain/application.ts';
import { describeAtsContract } from './ats-contract.ts';
import { makeGreenhouseSubject } from './greenhouse-subject.ts';

describeAtsContract('greenhouse', async () => (await makeGreenhouseSubject()).subject);

describe('what Greenhouse leaves open', () => {
  it.each([
    { fromStageId: 'job-stage' },
    { tokenExpiry: 'expires_in' },
    { reentry: 'new-row' },
    { rejectedStage: 'null' },
  ] as const)('%j: a candidate is moved on, comes back and is rejected all the same', async (open) => {
    const { subject, makeAdapter } = await makeGreenhouseSubject({ open });
    const { assessment, onsite, first } = subject.stages;
    const target = await subject.apply({ name: 'Ada Moreno' });
    const keys = [];
    for (const [from, to] of [
      [first, assessment],
      [assessment, onsite],
      [onsite, assessment],
    ] as const) {
      subject.passTime(60_000);
      const moved = await makeAdapter().moveToStage(target, { fromStageId: from.id, toStageId: to.id });
      expect(moved).toEqual({ ok: true, value: undefined });
      const snapshot = await makeAdapter().readSnapshot(target.applicationId);
      keys.push(snapshot.ok ? snapshot.value.stageEntries.at(-1)?.key : snapshot);
    }
    await subject.archive(target.applicationId, subject.reasons.declined.id);
    const end = await makeAdapter().readSnapshot(target.applicationId);
    await subject.close();
    expect(new Set(keys).size).toBe(3);
    expect(keys.map((key) => String(key).split('@')[0])).toEqual([assessment.id, onsite.id, assessment.id]);
    expect(end).toMatchObject({ ok: true, value: { status: 'archived', disposition: { reasonName: 'Accepted other offer' } } });
  });

  it('a token revoked by somebody else, and one that has run out, cost nothing but a new one', async () => {
    const { subject, greenhouse, makeAdapter } = await makeGreenhouseSubject();
    const { applicationId } = await subject.apply({});
    const minted = () => greenhouse.journal.list({ what: 'POST /token' }).length;
    const processes = [makeAdapter(), makeAdapter(), makeAdapter()];
    const readAll = () => Promise.all(processes.map((process) => process.readSnapshot(applicationId)));
    const everyOk = [];
    everyOk.push(...(await readAll()), minted());
    greenhouse.revokeTokens();
    everyOk.push(...(await readAll()), minted());
    subject.passTime(2 * 3_600_000);
    everyOk.push(...(await readAll()), minted());
    await subject.close();
    expect(everyOk.map((one) => (typeof one === 'number' ? one : one.ok))).toEqual(
      [1, 2, 3].flatMap((tokens) => [true, true, true, tokens]),
    );
  });

  it('moved between two lists of one reading: it is read again, and who is moved each time is to be read later', async () => {
    const { subject, greenhouse } = await makeGreenhouseSubject();
    const { first, assessment, onsite } = subject.stages;
    const { applicationId } = await subject.apply({});
    const moveBetween = (stageId: string) =>
      greenhouse.beforeNext('/v3/application_stages$', () => {
        subject.passTime(1_000);
        void subject.move(applicationId, stageId);
      });
    moveBetween(assessment.id);
    const once = await subject.adapter.readSnapshot(applicationId);
    for (const { id } of [onsite, first]) moveBetween(id);
    const eachTime = await subject.adapter.readSnapshot(applicationId);
    const later = await subject.adapter.readSnapshot(applicationId);
    await subject.close();
    expect(once).toMatchObject({ ok: true, value: { stage: assessment } });
    expect(once.ok && currentStageEntry(once.value)?.stageId).toBe(assessment.id);
    expect(eachTime).toMatchObject({ ok: false, kind: 'unreadable' });
    expect(later).toMatchObject({ ok: true, value: { stage: first } });
  });

  it('without a scope the reading is forbidden, without Site Admin too', async () => {
    const { subject, greenhouse } = await makeGreenhouseSubject();
    const { applicationId } = await subject.apply({});
    greenhouse.changeCredential({ siteAdmin: false });
    const read = await subject.adapter.readSnapshot(applicationId);
    const checked = await subject.adapter.check();
    await subject.close();
    expect([read, checked]).toEqual([1, 2].map(() => expect.objectContaining({ ok: false, kind: 'forbidden' })));
  });

  it('a private candidate is not found', async () => {
    const { subject, greenhouse } = await makeGreenhouseSubject();
    const { applicationId, candidateId } = await subject.apply({});
    greenhouse.setPrivate({ candidateId: Number(candidateId), private: true });
    const read = await subject.adapter.readSnapshot(applicationId);
    await subject.close();
    expect(read).toMatchObject({ ok: false, kind: 'not-found' });
  });
});
