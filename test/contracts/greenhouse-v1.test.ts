import { describe, expect, it } from 'vitest';
import { currentStageEntry } from '../../lib/domain/application.ts';
import type { AtsAdapter } from '../../server/ats/port.ts';
import { V1_RIGHTS, type V1Right } from '../simulators/greenhouse/v1/keys.ts';
import { describeAtsContract } from './ats-contract.ts';
import { type GreenhouseSubjectWish, makeGreenhouseSubject } from './greenhouse-subject.ts';

const make = (wish: GreenhouseSubjectWish = {}) => makeGreenhouseSubject({ ...wish, api: 'v1' });

describeAtsContract('greenhouse', async () => (await make()).subject);

describe('a Harvest v1 key', () => {
  it('names the acting user on everything it writes, and the note is that user’s', async () => {
    const { subject, greenhouse, recruiter } = await make();
    const target = await subject.apply({ name: 'Ada Moreno' });
    const { first, assessment } = subject.stages;
    await subject.adapter.addTag(target, 'Senior SWE');
    await subject.adapter.writeNote(target, { text: 'Sent. (TA-7Q2M)', reference: 'TA-7Q2M' });
    await subject.adapter.moveToStage(target, { fromStageId: first.id, toStageId: assessment.id });
    const writes = greenhouse.journal.list().filter(({ what }) => /^(POST|PATCH) \/v1/.test(what));
    await subject.close();
    expect(writes.map(({ what, status }) => [what.replace(/\d{4,}/g, 'ID'), status])).toEqual([
      ['PATCH /v1/candidates/ID', 200],
      ['POST /v1/candidates/ID/activity_feed/notes', 200],
      ['POST /v1/applications/ID/move', 200],
    ]);
    expect(greenhouse.world.notes.list().map(({ userId }) => userId)).toEqual([recruiter.id]);
  });

  it.each([
    ['Applications: Get: Retrieve Application', (adapter, id) => adapter.readSnapshot(id)],
    ['Candidates: Get: Retrieve Candidate', (adapter, id) => adapter.readSnapshot(id)],
    ['Activity Feed: Get: Retrieve Activity Feed', (adapter, id) => adapter.readSnapshot(id)],
    ['Job Stages: Get: List Job Stages (For Job)', (adapter, id) => adapter.readSnapshot(id)],
    ['Applications: Get: List Applications', (adapter) => adapter.check()],
    ['Applications: Get: List Applications', (adapter) => adapter.listDispositionReasons()],
    ['Jobs: Get: List Jobs', (adapter) => adapter.listStages()],
    ['Job Stages: Get: List Job Stages', (adapter) => adapter.listStages()],
    ['Candidates: Patch: Edit Candidate', (adapter, id) => adapter.addTag({ applicationId: id, candidateId: null }, 'x')],
    [
      'Candidates: Post: Add Note',
      (adapter, id) => adapter.writeNote({ applicationId: id, candidateId: null }, { text: 'x', reference: 'x' }),
    ],
  ] satisfies [V1Right, (adapter: AtsAdapter, id: string) => Promise<unknown>][])(
    'without "%s" is forbidden what needs it, and says which permission it lacks',
    async (right, call) => {
      const { subject, greenhouse } = await make();
      const { applicationId } = await subject.apply({});
      greenhouse.v1Keys.drop(right);
      const result = await call(subject.adapter, applicationId);
      await subject.close();
      expect(result).toMatchObject({ ok: false, kind: 'forbidden', detail: expect.stringContaining(right) });
    },
  );

  it('without the right to move is forbidden to move', async () => {
    const { subject, greenhouse } = await make();
    const target = await subject.apply({});
    greenhouse.v1Keys.drop('Applications: Post: Move Application (Same Job)');
    const { first, onsite } = subject.stages;
    const moved = await subject.adapter.moveToStage(target, { fromStageId: first.id, toStageId: onsite.id });
    await subject.close();
    expect(moved).toMatchObject({ ok: false, kind: 'forbidden' });
  });

  it('calls nothing beyond the known permission list', async () => {
    const { subject, greenhouse } = await make();
    const target = await subject.apply({ tags: ['Senior SWE'] });
    for (const right of V1_RIGHTS) if (!USED.includes(right)) greenhouse.v1Keys.drop(right);
    const { first, onsite } = subject.stages;
    const { adapter } = subject;
    const results = [
      await adapter.check(),
      await adapter.listStages(),
      await adapter.listDispositionReasons(),
      await adapter.findApplications(target.candidateId),
      await adapter.readSnapshot(target.applicationId),
      await adapter.removeTag(target, 'Senior SWE'),
      await adapter.findNote(target, 'TA-1'),
      await adapter.moveToStage(target, { fromStageId: first.id, toStageId: onsite.id }),
    ];
    await subject.close();
    expect(results.map(({ ok }) => ok)).toEqual(results.map(() => true));
    expect(greenhouse.journal.list().filter(({ status }) => (status ?? 0) >= 400)).toEqual([]);
  });
});

const USED: readonly V1Right[] = [
  'Activity Feed: Get: Retrieve Activity Feed',
  'Applications: Get: List Applications',
  'Applications: Get: Retrieve Application',
  'Applications: Post: Move Application (Same Job)',
  'Candidates: Post: Add Note',
  'Candidates: Get: Retrieve Candidate',
  'Candidates: Patch: Edit Candidate',
  'Jobs: Get: List Jobs',
  'Job Stages: Get: List Job Stages',
  'Job Stages: Get: List Job Stages (For Job)',
];

describe('where the feed of v1 cannot be read', () => {
  it('a stage is entered once, when the person applied: a return is missed, none is invented', async () => {
    const { subject } = await make({ open: { v1ActivityTexts: 'empty' } });
    const target = await subject.apply({ name: 'Ada Moreno' });
    const appliedAt = subject.now();
    const keys = [];
    for (const stage of [subject.stages.assessment, subject.stages.onsite, subject.stages.assessment]) {
      subject.passTime(60_000);
      await subject.move(target.applicationId, stage.id);
      // Other activity must not look like another crossing.
      await subject.tag(target, `tag ${subject.now().getTime()}`);
      const snapshot = await subject.adapter.readSnapshot(target.applicationId);
      keys.push(snapshot.ok ? currentStageEntry(snapshot.value)?.key : snapshot.kind);
    }
    await subject.close();
    const { assessment, onsite } = subject.stages;
    expect(keys).toEqual([assessment, onsite, assessment].map(({ id }) => `${id}@${appliedAt.getTime()}`));
  });
});
