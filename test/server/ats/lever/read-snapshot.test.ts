import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { currentStageEntry } from '../../../../lib/domain/application.ts';
import { FORBIDDEN, fixture, NOW, OPPORTUNITY, scriptedLever } from './scripted-lever.ts';

const ASSESSMENT = '00922a60-7c15-422b-b086-f62000824fd7';

async function account(more: Parameters<typeof scriptedLever>[0] = {}) {
  return scriptedLever({
    [`GET /opportunities/${OPPORTUNITY}`]: { body: await fixture('opportunity') },
    'GET /opportunities/5c86dfab-9a5a-4c11-a7c7-32f1e5f8e2c1': { body: await fixture('opportunity-bare') },
    'GET /stages': { body: await fixture('stages') },
    'GET /archive_reasons': { body: await fixture('archive-reasons') },
    'GET /postings/f2f01e16-27f8-4711-a728-7d49499795a0': { body: await fixture('posting') },
    ...more,
  });
}

describe('a Lever opportunity becomes a snapshot', () => {
  it('with person, job, stage and marks', async () => {
    const { adapter } = await account();
    expect(await adapter.readSnapshot(OPPORTUNITY)).toMatchObject({
      ok: true,
      value: {
        ats: 'lever',
        connectionId: 'connection-1',
        applicationId: OPPORTUNITY,
        candidateId: '7f23e772-f2cb-4ebb-b33f-54b872999992',
        name: 'Ada Moreno',
        emails: ['ada.moreno@mail.example'],
        canEmail: null,
        job: { id: 'f2f01e16-27f8-4711-a728-7d49499795a0', name: 'Senior Backend Engineer' },
        stage: { id: ASSESSMENT, name: 'Assessment' },
        status: 'active',
        disposition: null,
        confidential: true,
        anonymised: false,
        profileUrl: `https://hire.lever.co/candidates/${OPPORTUNITY}`,
        readAt: NOW.toISOString(),
      },
    });
  });

  it('whose history is oldest first and counts coming back as a new entry', async () => {
    const { adapter } = await account();
    const snapshot = await adapter.readSnapshot(OPPORTUNITY);
    if (!snapshot.ok) throw new Error(snapshot.detail);
    expect(snapshot.value.stageEntries.map(({ key, stageName }) => [key, stageName])).toEqual([
      ['applicant-new@1790000000000', 'New applicant'],
      [`${ASSESSMENT}@1790000100000`, 'Assessment'],
      ['applicant-new@1790000200000', 'New applicant'],
      [`${ASSESSMENT}@1790000300000`, 'Assessment'],
    ]);
    expect(currentStageEntry(snapshot.value)?.byUserId).toBe('8d49b010-cc6a-4f40-ace5-e86061c677ed');
    expect(snapshot.value.stageEntries.some(({ derived }) => derived)).toBe(false);
  });

  it.each([
    ['an empty history', { stageChanges: [], lastAdvancedAt: 1790000500000 }, `${ASSESSMENT}@1790000500000`],
    ['no history at all', { stageChanges: null, lastAdvancedAt: 1790000500000 }, `${ASSESSMENT}@1790000500000`],
    [
      'a history that ends elsewhere',
      { stageChanges: [{ toStageId: 'lead-new', updatedAt: 1790000000000 }], lastAdvancedAt: 1790000500000 },
      `${ASSESSMENT}@1790000500000`,
    ],
    [
      'only the time it was made',
      { stageChanges: [], lastAdvancedAt: null, createdAt: 1790000400000 },
      `${ASSESSMENT}@1790000400000`,
    ],
    ['no time at all', { stageChanges: [], lastAdvancedAt: null, createdAt: null }, undefined],
    [
      'a history that is ahead of the rest',
      { stageChanges: [{ toStageId: 'lead-new', updatedAt: 1790000600000 }], lastAdvancedAt: 1790000500000 },
      undefined,
    ],
  ])('with %s takes its present stage from Lever’s own times, or invents nothing', async (_, changes, key) => {
    const { data } = z.object({ data: z.record(z.string(), z.unknown()) }).parse(await fixture('opportunity'));
    const { adapter } = await account({ [`GET /opportunities/${OPPORTUNITY}`]: { body: { data: { ...data, ...changes } } } });
    const snapshot = await adapter.readSnapshot(OPPORTUNITY);
    if (!snapshot.ok) throw new Error(snapshot.detail);
    expect(currentStageEntry(snapshot.value)?.key).toBe(key);
    expect(currentStageEntry(snapshot.value)?.derived).toBe(key && true);
  });

  it('whose tags from the posting are told apart from those of the recruiter', async () => {
    const { adapter } = await account();
    const snapshot = await adapter.readSnapshot(OPPORTUNITY);
    expect(snapshot.ok && snapshot.value.tags.filter(({ inherited }) => !inherited).map(({ text }) => text)).toEqual([
      'Senior SWE',
      'referral bonus',
    ]);
  });

  it('that may lack name, e-mail, job and history, and never carries a link that is not Lever’s', async () => {
    const { adapter } = await account();
    expect(await adapter.readSnapshot('5c86dfab-9a5a-4c11-a7c7-32f1e5f8e2c1')).toMatchObject({
      ok: true,
      value: {
        name: null,
        emails: [],
        tags: [],
        job: null,
        stage: { id: 'lead-new', name: 'New lead' },
        // Inferred from when it was made: it never left its first stage.
        stageEntries: [{ key: 'lead-new@1790000000000' }],
        status: 'archived',
        disposition: {
          reasonId: '63dd55b2-a99f-4e7b-985f-22c7bf80ab42',
          reasonName: 'Underqualified',
          at: '2026-09-21T14:20:00.000Z',
        },
        anonymised: true,
        profileUrl: null,
      },
    });
  });

  it.each([
    ['non-confidential', false],
    [null, false],
    [undefined, false],
    ['confidential', true],
    ['a word that Lever may add one day', true],
  ])('that is as confidential as the word %j allows at the strictest', async (confidentiality, confidential) => {
    const data = { ...((await fixture('opportunity')) as { data: object }).data, confidentiality };
    const { adapter } = await account({ [`GET /opportunities/${OPPORTUNITY}`]: { body: { data } } });
    expect(await adapter.readSnapshot(OPPORTUNITY)).toMatchObject({ ok: true, value: { confidential } });
  });

  it('with the users who have to do with it, as ids, whether they are expanded or not', async () => {
    const data = {
      ...((await fixture('opportunity')) as { data: object }).data,
      owner: { id: 'owner-1', name: 'Rosa' },
      followers: ['follower-1', { id: 'owner-1' }, null, 7],
    };
    const posting = {
      ...((await fixture('posting')) as { data: object }).data,
      owner: 'owner-2',
      hiringManager: { id: 'manager-1' },
    };
    const { adapter } = await account({
      [`GET /opportunities/${OPPORTUNITY}`]: { body: { data: { ...data, followers: data.followers.slice(0, 3) } } },
      'GET /postings/f2f01e16-27f8-4711-a728-7d49499795a0': { body: { data: posting } },
    });
    expect(await adapter.readSnapshot(OPPORTUNITY)).toMatchObject({
      ok: true,
      value: { involved: { application: ['owner-1', 'follower-1'], job: ['owner-2', 'manager-1'] } },
    });
    const strange = await account({ [`GET /opportunities/${OPPORTUNITY}`]: { body: { data: { ...data, owner: 7 } } } });
    expect(await strange.adapter.readSnapshot(OPPORTUNITY)).toMatchObject({
      ok: true,
      value: { involved: { application: ['follower-1', 'owner-1'] } },
    });
  });

  it('that is hired when the archive reason is of the hired kind', async () => {
    const bare = {
      ...((await fixture('opportunity')) as { data: object }).data,
      archived: { reason: 'b2b9ad7b-1d3a-4f0f-8a57-3b4d6c1e0c11', archivedAt: '1790000400000' },
    };
    const { adapter } = await account({ [`GET /opportunities/${OPPORTUNITY}`]: { body: { data: bare } } });
    expect(await adapter.readSnapshot(OPPORTUNITY)).toMatchObject({
      ok: true,
      value: { status: 'hired', disposition: { reasonName: 'Hired' } },
    });
  });

  it('also with a key that may not list stages, reasons or postings: names are missing, nothing else', async () => {
    const { adapter } = await account({
      'GET /stages': FORBIDDEN,
      'GET /archive_reasons': FORBIDDEN,
      'GET /postings/f2f01e16-27f8-4711-a728-7d49499795a0': FORBIDDEN,
    });
    const snapshot = await adapter.readSnapshot(OPPORTUNITY);
    expect(snapshot).toMatchObject({
      ok: true,
      value: { stage: { id: ASSESSMENT, name: 'Assessment' }, job: { id: 'f2f01e16-27f8-4711-a728-7d49499795a0', name: null } },
    });
    expect(snapshot.ok && snapshot.value.stageEntries[0]?.stageName).toBeNull();
    expect(snapshot.ok && snapshot.value.tags.every(({ inherited }) => !inherited)).toBe(true);
  });

  it('also with a key that may not expand anything', async () => {
    const plain = { ...((await fixture('opportunity')) as { data: object }).data, stage: ASSESSMENT, applications: ['cdb4ff13'] };
    const { adapter } = await account({
      [`GET /opportunities/${OPPORTUNITY}`]: ({ query }) => (query?.expand ? FORBIDDEN : { body: { data: plain } }),
    });
    expect(await adapter.readSnapshot(OPPORTUNITY)).toMatchObject({
      ok: true,
      value: { stage: { name: 'Assessment' }, job: null },
    });
  });

  it('or to nothing at all when the posting cannot be read for a passing reason', async () => {
    const { adapter } = await account({
      'GET /postings/f2f01e16-27f8-4711-a728-7d49499795a0': { kind: 'unreachable', detail: 'reset' },
    });
    expect(await adapter.readSnapshot(OPPORTUNITY)).toMatchObject({ ok: false, kind: 'unreachable' });
  });

  it('or to an unreadable answer when Lever answers another shape', async () => {
    const { adapter } = await account({ [`GET /opportunities/${OPPORTUNITY}`]: { body: { data: { id: 7, emails: 'a@b' } } } });
    expect(await adapter.readSnapshot(OPPORTUNITY)).toMatchObject({ ok: false, kind: 'unreadable' });
  });

  it('with the names of the account read once a minute, the candidate every time', async () => {
    let now = NOW.getTime();
    const { paths } = await (async () => {
      const lever = scriptedLever(
        {
          [`GET /opportunities/${OPPORTUNITY}`]: { body: await fixture('opportunity') },
          'GET /stages': { body: await fixture('stages') },
          'GET /postings/f2f01e16-27f8-4711-a728-7d49499795a0': { body: await fixture('posting') },
        },
        { clock: { now: () => new Date(now) } },
      );
      await lever.adapter.readSnapshot(OPPORTUNITY);
      await lever.adapter.readSnapshot(OPPORTUNITY);
      now += 60_000;
      await lever.adapter.readSnapshot(OPPORTUNITY);
      return lever;
    })();
    const count = (path: string) => paths().filter((one) => one === `GET /v1${path}`).length;
    expect([
      count(`/opportunities/${OPPORTUNITY}`),
      count('/stages'),
      count('/postings/f2f01e16-27f8-4711-a728-7d49499795a0'),
    ]).toEqual([3, 2, 2]);
  });
});
