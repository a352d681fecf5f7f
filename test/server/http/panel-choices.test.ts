import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import type { CatalogueState } from '../../../lib/domain/assessment.ts';
import type { CandidateReference } from '../../../lib/domain/candidate-reference.ts';
import { applicationView } from '../../../server/http/panel-view.ts';
import { addPoolLinks } from '../../../server/storage/pool-links.repository.ts';
import { assessments } from '../../../server/storage/schema.ts';
import { storeCatalogue } from '../../../server/storage/vendor-catalogue.repository.ts';
import { createByteboardAdapter } from '../../../server/vendors/byteboard/index.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { makeResult } from '../../support/workflow-story.ts';

const pipeline = usePipeline();
let p: Pipeline;
beforeEach(() => {
  p = pipeline.current();
});

const PAGE: CandidateReference = { kind: 'application', ats: 'lever', host: 'hire.lever.co', applicationId: 'application-1' };
const ADMIN = { id: '0f8fad5b-d9cb-469f-a165-70867728950e', name: 'Rosa', role: 'admin' as const };

async function open(key: string) {
  const view = await applicationView(p.parts, key, PAGE, ADMIN);
  if (view.kind !== 'application') throw new Error(view.kind);
  return view;
}
const scored = async () => {
  const { key, invitationId } = await p.sent();
  p.vendor.report = { state: 'scored', startedAt: null, submittedAt: null, result: makeResult() };
  await p.put(key, { kind: 'poll', invitationId, vendor: 'Coderbyte' });
  await p.lane(key);
  return key;
};

describe('what the panel lets one choose', () => {
  test('once more is a retake, which is offered where the vendor allows it', async () => {
    const key = await scored();
    const view = await open(key);
    expect(view.assessments).toMatchObject([{ isRetake: true, unusableBecause: null }]);
    expect(view.invitations[0]?.actions).toContain('retake');
  });

  test('is no retake where the vendor allows none, and says why', async () => {
    p.vendor.adapter.capabilities.retakes = false;
    const view = await open(await scored());
    const because = 'Coderbyte lets nobody take the same assessment twice.';
    expect(view.assessments).toMatchObject([{ isRetake: true, unusableBecause: because }]);
    expect(view.invitations[0]?.actions).not.toContain('retake');
  });

  test('is nothing whose list of one-time links is empty, until there are new ones', async () => {
    await p.db.update(assessments).set({ linkTemplate: null, handover: 'our e-mail' }).where(eq(assessments.id, p.assessment.id));
    p.vendorAnswer = { ok: true, value: createByteboardAdapter() };
    const key = await p.apply();
    await p.look(key);
    expect((await open(key)).assessments).toMatchObject([{ unusableBecause: expect.stringMatching(/link/) }]);
    await addPoolLinks(p.services, { assessmentId: p.assessment.id, links: ['https://vendor.example/take/one'] });
    expect((await open(key)).assessments).toMatchObject([{ unusableBecause: null }]);
  });

  const listAs = async (state: Exclude<CatalogueState, 'active'>) => {
    const one = { externalId: 'swe', name: 'Senior SWE', kind: 'test' as const, durationMinutes: 60 };
    const other = { ...one, externalId: 'other' };
    const given = { vendorConnectionId: p.vendorConnectionId, now: p.now };
    await storeCatalogue(p.db, { ...given, listed: [one, other] });
    await storeCatalogue(p.db, { ...given, listed: state === 'gone' ? [other] : [{ ...one, state }, other] });
  };

  test.each(['draft', 'locked', 'archived', 'gone'] as const)('is nothing that the vendor does not offer (%s)', async (state) => {
    await listAs(state);
    const key = await p.apply({ tags: [] });
    await p.look(key);
    expect((await open(key)).assessments).toEqual([]);
  });

  test('names what the candidate’s own tag means, and why it cannot be sent', async () => {
    await listAs('gone');
    const key = await p.apply();
    await p.look(key);
    const [only] = (await open(key)).assessments;
    expect(only).toMatchObject({ onCandidate: true, unusableBecause: expect.stringContaining('no longer at Coderbyte') });
  });

  describe('without a tag, where there are several', () => {
    const other = { id: randomUUID(), externalId: 'data', name: 'Data take-home', tag: 'Data take-home' };
    const [backend, data] = [
      { id: 'job-backend', name: 'Backend Engineer' },
      { id: 'job-data', name: 'Data Analyst' },
    ];
    const preset = async (job: { id: string; name: string }) => {
      const key = await p.apply({ tags: [], job });
      await p.look(key);
      return (await open(key)).defaultAssessmentId;
    };
    /** Sent by the candidate's tag, a minute after what came before. */
    const use = async (tag: string, job: { id: string; name: string }) => {
      p.pass(60);
      return await p.sent({ job, tags: [{ text: tag, inherited: false }] });
    };
    beforeEach(async () => {
      const [first] = await p.db.select().from(assessments);
      if (first) await p.db.insert(assessments).values({ ...first, ...other });
    });

    test('is what this job used last', async () => {
      await use('Data take-home', backend);
      await use('Senior SWE', backend);
      await use('Data take-home', data);
      expect([await preset(backend), await preset(data)]).toEqual([p.assessment.id, other.id]);
      await use('Data take-home', backend);
      expect(await preset(backend)).toBe(other.id);
    });

    test('comes with whether it was used within the last thirty days, by whomever', async () => {
      const days = (count: number) => p.pass(count * 24 * 3_600);
      await use('Senior SWE', backend);
      const key = await p.apply({ tags: [], job: data });
      await p.look(key);
      const recent = async () => (await open(key)).assessments.flatMap((each) => (each.recentlyUsed ? [each.name] : []));
      days(29);
      expect(await recent()).toEqual(['Senior SWE']);
      days(2);
      expect(await recent()).toEqual([]);
      await use('Data take-home', data);
      expect(await recent()).toEqual(['Data take-home']);
      await use('Senior SWE', backend);
      expect((await recent()).toSorted()).toEqual(['Data take-home', 'Senior SWE']);
    });

    test('is none while this job used none', async () => {
      await use('Senior SWE', backend);
      expect(await preset(data)).toBe(null);
    });

    test('looks no further back than 300 invitations, however many there are', async () => {
      await use('Senior SWE', data);
      const { invitationId } = await use('Senior SWE', backend);
      await p.db.execute(sql`insert into tagalong.invitations select copy.* from tagalong.invitations i, generate_series(1, 298) n,
        jsonb_populate_record(i, jsonb_build_object('id', gen_random_uuid(), 'person', n || '@mail.example', 'created_at',
          i.created_at + n * interval '1 second')) copy where i.id = ${invitationId}`);
      expect(await preset(data)).toBe(p.assessment.id);
      p.pass(600);
      await use('Data take-home', backend);
      expect([await preset(backend), await preset(data)]).toEqual([other.id, null]);
    });
  });
});
