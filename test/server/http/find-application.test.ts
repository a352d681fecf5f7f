import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import type { CandidateReference } from '../../../lib/domain/candidate-reference.ts';
import { requestErasure } from '../../../server/erasure/request-erasure.ts';
import { findApplication } from '../../../server/http/find-application.ts';
import { applications } from '../../../server/storage/schema.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { makeSnapshot } from '../../support/workflow-story.ts';

const pipeline = usePipeline();
let p: Pipeline;
beforeEach(() => {
  p = pipeline.current();
});

const ADMIN = { id: '0f8fad5b-d9cb-469f-a165-70867728950e', name: 'Rosa', role: 'admin' as const };
const LEVER = { ats: 'lever', host: 'hire.lever.co' } as const;
const pageOf = (applicationId: string): CandidateReference => ({ ...LEVER, kind: 'application', applicationId });
const PERSON: CandidateReference = { ...LEVER, kind: 'person', candidateId: 'c-1' };
const open = (reference: CandidateReference) => findApplication(p.parts, reference, ADMIN);
const ERASED = { kind: 'view', view: { kind: 'unavailable', code: 'erased' } };
const ago = (seconds: number) => new Date(p.now.getTime() - seconds * 1000).toISOString();

/** Ada, who had applied as a-1, was erased a minute ago. */
async function erase(): Promise<void> {
  await p.sent({ applicationId: 'a-1', candidateId: 'c-1' });
  const subject = { applicationIds: [], candidateIds: ['c-1'], goneCandidateIds: [] };
  const request = { connectionId: p.atsConnectionId, subject, askedBy: 'admin' as const, memberId: randomUUID() };
  await p.db.transaction((tx) => requestErasure(tx, p.parts, request));
  await p.settle();
  await p.settle();
  await p.erase();
  p.pass(60);
}

/** What the ATS has of Ada now: applications with the time of each, null where it gives none. */
function has(times: Record<string, string | null>): void {
  const all = Object.entries(times).map(([applicationId, createdAt]) => ({ applicationId, createdAt }));
  for (const one of all) p.ats.applications.set(one.applicationId, makeSnapshot({ candidateId: 'c-1', ...one }));
  const summary = { candidateId: 'c-1', candidateName: 'Ada', jobName: 'Backend', stageName: null, status: 'active' as const };
  const listed = all.map((one) => ({ ...summary, ...one }));
  p.atsAnswer = { ok: true, value: { ...p.ats.adapter, findApplications: async () => ({ ok: true, value: listed }) } };
}

test('the page of an application from before an erasure brings nobody back, nor one of which the ATS tells no time', async () => {
  await erase();
  has({ 'a-4': ago(3600), 'a-5': null });
  expect(await open(pageOf('a-4'))).toMatchObject(ERASED);
  expect(await open(pageOf('a-5'))).toMatchObject(ERASED);
  expect(await p.db.select().from(applications)).toEqual([]);
});

test('the page of an application made since an erasure opens, before any webhook tells of it', async () => {
  await erase();
  has({ 'a-5': ago(30) });
  expect(await open(pageOf('a-5'))).toMatchObject({ kind: 'found' });
  expect(await p.db.select().from(applications)).toMatchObject([{ applicationId: 'a-5' }]);
});

test('the page of a person who was erased is that of somebody erased until they apply anew', async () => {
  await erase();
  has({});
  expect(await open(PERSON)).toMatchObject(ERASED);
  has({ 'a-4': ago(3600) });
  expect(await open(PERSON)).toMatchObject(ERASED);
  has({ 'a-3': ago(7200), 'a-4': ago(3600) });
  expect(await open(PERSON)).toMatchObject(ERASED);
  p.atsAnswer = { ok: false, kind: 'unreachable', detail: 'away' };
  expect(await open(PERSON)).toMatchObject(ERASED);
  has({ 'a-4': ago(3600), 'a-5': ago(30) });
  expect(await open(PERSON)).toMatchObject({ kind: 'found', reference: { applicationId: 'a-5' } });
});

test('among several applications of such a person those from before the erasure are not offered', async () => {
  await erase();
  has({ 'a-4': ago(3600), 'a-5': ago(30), 'a-6': ago(20) });
  const found = await open(PERSON);
  const ids = found.kind === 'view' && found.view.kind === 'chooser' ? found.view.applications : [];
  expect(ids.map(({ applicationId }) => applicationId)).toEqual(['a-5', 'a-6']);
});
