import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { leverKey } from '../../server/ats/lever/credential.ts';
import type { AtsOperations } from '../../server/ats/operations.ts';
import type { LeverSimulator } from '../simulators/lever/index.ts';
import { REDIRECT_URI, registerLeverApp } from '../support/consented-lever.ts';
import { createMemoryTokenStore } from '../support/memory-token-store.ts';
import { type AtsOperationsSubject, describeAtsOperations, type OperationName } from './ats-operations-contract.ts';
import { createLeverSubject } from './lever-subject.ts';

const OPERATIONS: OperationName[] = [
  'listJobs',
  'updateNote',
  'deleteNote',
  'findFile',
  'attachFile',
  'addLink',
  'removeLink',
  'listFeedbackForms',
  'findFeedback',
  'writeFeedback',
  'advance',
  'reject',
  'unreject',
  'hire',
];

describe('with an API key', () => {
  describeAtsOperations('lever', OPERATIONS, () =>
    createLeverSubject(async ({ lever }) => leverKey(lever.play.createKey({ label: 'Tagalong' }).secret)),
  );
});

describe('with OAuth', () => {
  const scopes = [
    'opportunities:write:admin',
    'notes:write:admin',
    'stages:read:admin',
    'archive_reasons:read:admin',
    'postings:read:admin',
    'files:write:admin',
    'feedback:write:admin',
    'feedback_templates:read:admin',
  ];
  describeAtsOperations('lever', OPERATIONS, () =>
    createLeverSubject(async (at) => {
      const registered = registerLeverApp({ ...at, store: createMemoryTokenStore(), scopes });
      const finished = await registered.consent.finish({ code: await registered.sayYes(), redirectUri: REDIRECT_URI });
      if (!finished.ok) throw new Error(finished.detail);
      return registered.newProcess();
    }),
  );
});

describe('what is Lever’s own', () => {
  let simulator: LeverSimulator;
  let ats: AtsOperationsSubject;
  beforeEach(async () => {
    ats = await createLeverSubject(async ({ lever }) => {
      simulator = lever;
      return leverKey(lever.play.createKey({ label: 'Tagalong' }).secret);
    });
  });
  afterEach(() => ats.close());
  const ada = () => ats.apply({ name: 'Ada Moreno', emails: ['ada@mail.example'], tags: ['Senior SWE'] });
  const operations = () => ats.adapter.operations as Required<AtsOperations>;

  test('a note that somebody typed in Lever is neither changed nor deleted', async () => {
    const target = await ada();
    const note = simulator.play.writeNote({ opportunityId: target.applicationId, text: 'Nice.' });
    expect(await operations().updateNote(target, { noteId: note.id, text: 'x' })).toMatchObject({ ok: false, kind: 'forbidden' });
    expect(await operations().deleteNote(target, note.id)).toMatchObject({ ok: false, kind: 'forbidden' });
    expect((await ats.look(target)).notes).toEqual(['Nice.']);
  });

  test('a colleague’s answer under our note stays', async () => {
    const target = await ada();
    const written = await ats.adapter.writeNote(target, { text: 'Sent. (TA-1)', reference: 'TA-1' });
    const noteId = (written.ok && written.value.noteId) || '';
    simulator.play.commentOnNote({ noteId, text: 'I will call her.' });
    expect(await operations().updateNote(target, { noteId, text: 'x' })).toMatchObject({ ok: false, kind: 'refused' });
    expect((await ats.look(target)).notes).toEqual(['Sent. (TA-1)', 'I will call her.']);
  });

  test('a note of another opportunity of hers is not found', async () => {
    const target = await ada();
    const written = await ats.adapter.writeNote(target, { text: 'Sent. (TA-1)', reference: 'TA-1' });
    const noteId = (written.ok && written.value.noteId) || '';
    const other = { ...target, ...(await ats.applyAgain(target.candidateId)) };
    expect(await operations().updateNote(other, { noteId, text: 'x' })).toMatchObject({ ok: false, kind: 'not-found' });
    expect(await operations().deleteNote(other, noteId)).toEqual({ ok: true, value: undefined });
    expect((await ats.look(target)).notes).toEqual(['Sent. (TA-1)']);
  });

  test('links are shared by all opportunities of a person', async () => {
    const target = await ada();
    const other = { ...target, ...(await ats.applyAgain(target.candidateId)) };
    await operations().addLink(target, 'https://tagalong.example/r/1');
    expect((await ats.look(other)).links).toEqual(['https://tagalong.example/r/1']);
  });

  test('answers to writes come emptied, and what we then read is whole', async () => {
    const target = await ada();
    await operations().advance(target, { fromStageId: ats.stages.first.id });
    await operations().reject(target, { reasonId: ats.reasons.declined.id, note: null });
    await operations().unreject(target);
    expect(await ats.adapter.readSnapshot(target.applicationId)).toMatchObject({
      value: { name: 'Ada Moreno', emails: ['ada@mail.example'], status: 'active', stage: { name: 'Assessment' } },
    });
  });

  test('more postings than a page holds: each offset is encoded once', async () => {
    for (let n = 0; n < 201; n++) simulator.play.createPosting({ text: `Posting ${n}`, team: 'Platform', location: 'Berlin' });
    const jobs = await operations().listJobs();
    expect(jobs.ok && new Set(jobs.value.map(({ jobId }) => jobId)).size).toBe(203);
  });

  test('who was deleted in Lever is told by Lever, with the time', async () => {
    const [before, after] = [await ada(), await ada()];
    simulator.play.deleteOpportunity({ opportunityId: before.applicationId });
    ats.passTime(60_000);
    const since = ats.now();
    ats.passTime(60_000);
    simulator.play.deleteOpportunity({ opportunityId: after.applicationId });
    const told = [];
    for await (const one of operations().findDeletedSince(since)) told.push(one);
    expect(told).toEqual([{ ok: true, value: { applicationId: after.applicationId, deletedAt: ats.now().toISOString() } }]);
  });

  test('a person, also one who was anonymised', async () => {
    const { candidateId } = await ada();
    const contact = { contactId: candidateId, name: 'Ada Moreno', emails: ['ada@mail.example'], anonymised: false };
    expect(await operations().readContact(candidateId)).toEqual({ ok: true, value: contact });
    simulator.play.anonymise({ contactId: candidateId });
    const nobody = { contactId: candidateId, name: null, emails: [], anonymised: true };
    expect(await operations().readContact(candidateId)).toEqual({ ok: true, value: nobody });
    expect(await operations().readContact(ats.unknownApplicationId)).toMatchObject({ ok: false, kind: 'not-found' });
  });

  test('an author whom Lever does not know is refused, and nothing is attached', async () => {
    const target = await ada();
    const file = { name: 'a.pdf', contentType: 'application/pdf', bytes: new Uint8Array([1]) } as const;
    const feedback = { formId: ats.feedback?.formId ?? '', score: null, text: 'x', reference: 'TA-1' };
    simulator.account.users.clear();
    expect(await operations().attachFile(target, file)).toMatchObject({ ok: false, kind: 'refused' });
    expect(await operations().writeFeedback(target, { ...feedback, authorUserId: 'nobody' })).toMatchObject({ kind: 'refused' });
    expect(await ats.look(target)).toMatchObject({ files: [], feedback: [] });
  });
});
