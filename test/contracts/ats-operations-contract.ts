/**
 * The promises of server/ats/operations.ts, checked against any adapter and its simulator, for whichever operations it has. An adapter
 * names them; `describeAtsOperations` checks that it has named them all, and runs every promise for each.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AtsKind } from '../../lib/domain/ats.ts';
import type { AtsOperations } from '../../server/ats/operations.ts';
import type { WriteTarget } from '../../server/ats/port.ts';
import type { CallResult } from '../../server/outbound/outcome.ts';
import type { AtsContractSubject, Breakage } from './ats-contract.ts';

export type OperationName = keyof AtsOperations;

/** Beside what every subject can do: a second job and reason, and a look at all that operations change. */
export interface AtsOperationsSubject extends AtsContractSubject {
  /** Another job, open, for `transfer`. */
  otherJob: { id: string; firstStageId: string };
  /** Another reason that `archive` and `reject` take. */
  otherReason: { id: string };
  /** What `hire` must be given for the job that `apply` applies for. */
  hiring: { openingId: string | null; reasonId: string | null; startsAt: string | null };
  /** Fields in which `writeFields` may write; null where the adapter has no such operation. */
  fields: { text: FieldOfSubject; number: FieldOfSubject; choice: ChoiceOfSubject | null } | null;
  /** A form for `writeFeedback`; null where the adapter has no such operation. */
  feedback: { formId: string; authorUserId: string; score: string } | null;

  look(target: TargetOf): Promise<Seen>;
  /** Every next write of its method is carried out, and its answer lost; once. */
  loseNextWrite(): Promise<void>;
  /** Takes from the credential the right that this operation needs, and no other that it could do without. */
  forbid(operation: OperationName): Promise<void>;
  /** A person at the ATS deletes the application. */
  remove(applicationId: string): Promise<void>;
}

interface TargetOf {
  applicationId: string;
  candidateId: string;
}

interface FieldOfSubject {
  fieldId: string;
  name: string;
  on: 'application' | 'candidate';
}
interface ChoiceOfSubject extends FieldOfSubject {
  choice: { choiceId: string; name: string };
}

/** What a person at the ATS sees of one application. */
export interface Seen {
  status: 'active' | 'archived' | 'hired';
  reasonId: string | null;
  jobId: string | null;
  stageId: string | null;
  notes: string[];
  links: string[];
  files: { name: string; size: number }[];
  /** By field id, in the ATS's own form; a choice by its id. */
  fields: Record<string, unknown>;
  feedback: { score: string | null; texts: string[] }[];
}

interface Prepared {
  target: TargetOf;
  call(target: WriteTarget): Promise<CallResult<unknown>>;
  /** What `look` shows when it is done. */
  done: Partial<Seen>;
}

interface WriteCase {
  operation: OperationName;
  /** What the port calls safe to repeat; for the others, how to look whether it has happened. */
  repeatable: true | ((operations: AtsOperations, target: WriteTarget) => Promise<CallResult<unknown>> | undefined);
  prepare(ats: AtsOperationsSubject): Promise<Prepared>;
}

const MINUTE_MS = 60_000;
const LINK = 'https://tagalong.example/r/TA-7Q2M';
const FILE = {
  name: 'Assessment report TA-7Q2M.pdf',
  contentType: 'application/pdf',
  bytes: new TextEncoder().encode('%PDF-1.7 and what follows'),
} as const;

/** An operation that the subject's adapter is said to have. */
function need<Name extends OperationName>(ats: AtsOperationsSubject, name: Name): NonNullable<AtsOperations[Name]> {
  const operation = ats.adapter.operations[name];
  if (!operation) throw new Error(`The adapter has no ${name}`);
  return operation;
}

const apply = (ats: AtsOperationsSubject) =>
  ats.apply({ name: 'Ada Moreno', emails: ['ada@mail.example'], tags: ['Senior SWE'] });

const WRITES: WriteCase[] = [
  {
    operation: 'writeFields',
    repeatable: true,
    async prepare(ats) {
      if (!ats.fields) throw new Error('The subject names no fields');
      const { text, number, choice } = ats.fields;
      const values = [
        { fieldId: text.fieldId, on: text.on, value: 'Senior SWE: completed' },
        { fieldId: number.fieldId, on: number.on, value: 86 },
        ...(choice ? [{ fieldId: choice.fieldId, on: choice.on, value: choice.choice.choiceId }] : []),
      ];
      return {
        target: await apply(ats),
        call: (target) => need(ats, 'writeFields')(target, values),
        done: { fields: Object.fromEntries(values.map(({ fieldId, value }) => [fieldId, value])) },
      };
    },
  },
  {
    operation: 'attachFile',
    repeatable: (operations, target) => operations.findFile?.(target, FILE.name),
    prepare: async (ats) => ({
      target: await apply(ats),
      call: (target) => need(ats, 'attachFile')(target, FILE),
      done: { files: [{ name: FILE.name, size: FILE.bytes.byteLength }] },
    }),
  },
  {
    operation: 'addLink',
    repeatable: true,
    prepare: async (ats) => ({
      target: await apply(ats),
      call: (target) => need(ats, 'addLink')(target, LINK),
      done: { links: [LINK] },
    }),
  },
  {
    operation: 'removeLink',
    repeatable: true,
    async prepare(ats) {
      const target = await apply(ats);
      succeeded(await need(ats, 'addLink')(target, LINK));
      return { target, call: (on) => need(ats, 'removeLink')(on, LINK), done: { links: [] } };
    },
  },
  {
    operation: 'updateNote',
    repeatable: true,
    async prepare(ats) {
      const { target, noteId } = await applyWithNote(ats);
      const text = 'Senior SWE was completed. (TA-7Q2M)';
      return { target, call: (on) => need(ats, 'updateNote')(on, { noteId, text }), done: { notes: [text] } };
    },
  },
  {
    operation: 'deleteNote',
    repeatable: true,
    async prepare(ats) {
      const { target, noteId } = await applyWithNote(ats);
      return { target, call: (on) => need(ats, 'deleteNote')(on, noteId), done: { notes: [] } };
    },
  },
  {
    operation: 'writeFeedback',
    repeatable: (operations, target) => operations.findFeedback?.(target, 'TA-7Q2M'),
    async prepare(ats) {
      if (!ats.feedback) throw new Error('The subject names no feedback form');
      const feedback = { ...ats.feedback, text: 'Senior SWE: 86 of 100 (TA-7Q2M)', reference: 'TA-7Q2M' };
      return {
        target: await apply(ats),
        call: (target) => need(ats, 'writeFeedback')(target, feedback),
        done: {
          feedback: [{ score: feedback.score, texts: expect.arrayContaining([expect.stringContaining('TA-7Q2M')]) as string[] }],
        },
      };
    },
  },
  {
    operation: 'advance',
    // Repeatable for whoever names the stage it was in: then it is there no more.
    repeatable: true,
    prepare: async (ats) => ({
      target: await apply(ats),
      call: (target) => need(ats, 'advance')(target, { fromStageId: ats.stages.first.id }),
      done: { stageId: ats.stages.assessment.id, status: 'active' },
    }),
  },
  {
    operation: 'transfer',
    repeatable: true,
    prepare: async (ats) => ({
      target: await apply(ats),
      call: (target) => need(ats, 'transfer')(target, { fromStageId: ats.stages.first.id, toJobId: ats.otherJob.id }),
      done: { jobId: ats.otherJob.id, stageId: ats.otherJob.firstStageId, status: 'active' },
    }),
  },
  {
    operation: 'reject',
    repeatable: true,
    prepare: async (ats) => ({
      target: await apply(ats),
      call: (target) => need(ats, 'reject')(target, { reasonId: ats.reasons.declined.id, note: null }),
      done: { status: 'archived', reasonId: ats.reasons.declined.id },
    }),
  },
  {
    operation: 'unreject',
    repeatable: true,
    async prepare(ats) {
      const target = await apply(ats);
      await ats.archive(target.applicationId, ats.reasons.declined.id);
      return { target, call: (on) => need(ats, 'unreject')(on), done: { status: 'active', reasonId: null } };
    },
  },
  {
    operation: 'hire',
    repeatable: true,
    prepare: async (ats) => ({
      target: await apply(ats),
      call: (target) => need(ats, 'hire')(target, ats.hiring),
      done: { status: 'hired' },
    }),
  },
];

async function applyWithNote(ats: AtsOperationsSubject) {
  const target = await apply(ats);
  const note = { text: 'Senior SWE was sent. (TA-7Q2M)', reference: 'TA-7Q2M' };
  const { noteId } = succeeded(await ats.adapter.writeNote(target, note));
  if (noteId === null) throw new Error('The note has no id, so that it cannot be changed');
  return { target, noteId };
}

/** How a write fails that was surely or perhaps not carried out; each leaves everything as it was. */
const BREAKAGES: { what: string; how: Breakage }[] = [
  { what: 'HTML instead of JSON', how: { kind: 'html' } },
  { what: '401', how: { kind: 'status', status: 401 } },
  { what: '422', how: { kind: 'status', status: 422 } },
  { what: '429', how: { kind: 'status', status: 429, headers: { 'retry-after': '5' } } },
  { what: '500', how: { kind: 'status', status: 500 } },
  { what: 'a cut connection', how: { kind: 'reset' } },
];

/** Done elsewhere: they need no simulator of their own kind, or have a suite with their feature. */
const CHECKED_ELSEWHERE: readonly OperationName[] = ['listUsers', 'readContact', 'findDeletedSince'];

/** `makeSubject` is called for each test; `has` names the operations of its adapter. */
export function describeAtsOperations(
  name: AtsKind,
  has: readonly OperationName[],
  makeSubject: () => Promise<AtsOperationsSubject>,
): void {
  let ats: AtsOperationsSubject;
  beforeEach(async () => {
    ats = await makeSubject();
  });
  afterEach(() => ats.close());

  const writes = WRITES.filter(({ operation }) => has.includes(operation));
  const when = (...operations: OperationName[]) => it.runIf(operations.every((operation) => has.includes(operation)));

  it(`${name}: has the operations that are checked here, and no other`, () => {
    const own = Object.entries(ats.adapter.operations).flatMap(([operation, run]) => (run ? [operation as OperationName] : []));
    expect(own.filter((operation) => !CHECKED_ELSEWHERE.includes(operation)).toSorted()).toEqual(has.toSorted());
  });

  describe.each(writes)(`${name}: $operation`, ({ operation, repeatable, prepare }) => {
    it('does what it says, and nothing else', async () => {
      const { target, call, done } = await prepare(ats);
      const bystander = await apply(ats);
      const before = await ats.look(bystander);
      succeeded(await call(target));
      expect(await ats.look(target)).toMatchObject(done);
      expect(await ats.look(bystander)).toEqual(before);
      expect((await ats.see(target)).tags).toContain('Senior SWE');
    });

    it('also with only the application known', async () => {
      const { target, call, done } = await prepare(ats);
      succeeded(await call({ applicationId: target.applicationId, candidateId: null }));
      expect(await ats.look(target)).toMatchObject(done);
    });

    it('after a lost answer it is there once', async () => {
      const { target, call, done } = await prepare(ats);
      await ats.loseNextWrite();
      const first = await call(target);
      if (!first.ok) expect(first.kind).toBe('ambiguous');
      if (repeatable === true) succeeded(await call(target));
      else expect(await repeatable(ats.adapter.operations, target)).toEqual({ ok: true, value: 'found' });
      expect(await ats.look(target)).toMatchObject(done);
    });

    it.runIf(repeatable === true)('asked for twice it is done once', async () => {
      const { target, call, done } = await prepare(ats);
      for (let n = 0; n < 2; n++) {
        ats.passTime(MINUTE_MS);
        succeeded(await call(target));
      }
      expect(await ats.look(target)).toMatchObject(done);
    });

    it('without the right is forbidden and changes nothing', async () => {
      const { target, call } = await prepare(ats);
      await ats.forbid(operation);
      const before = await ats.look(target);
      expect(await call(target)).toMatchObject({ ok: false, kind: 'forbidden' });
      expect(await ats.look(target)).toEqual(before);
    });

    // A note that is gone counts as deleted, and what a note belongs to is not asked for.
    it.runIf(operation !== 'deleteNote')('of an application that is not there, or no more, is not found', async () => {
      const { target, call } = await prepare(ats);
      expect(await call({ applicationId: ats.unknownApplicationId, candidateId: null })).toMatchObject({ kind: 'not-found' });
      await ats.remove(target.applicationId);
      expect(await call({ applicationId: target.applicationId, candidateId: null })).toMatchObject({ kind: 'not-found' });
    });

    it.each(BREAKAGES)('$what for the write is a failure that changes nothing', async ({ how }) => {
      const { target, call } = await prepare(ats);
      const before = await ats.look(target);
      await ats.break('writes', how);
      expect(await call(target)).toMatchObject({ ok: false });
      expect(await ats.look(target)).toEqual(before);
    });

    it.each(BREAKAGES)('$what for what it reads is no exception, and not done in the dark', async ({ how }) => {
      const { target, call, done } = await prepare(ats);
      const before = await ats.look(target);
      await ats.break('reads', how);
      const result = await call(target);
      if (result.ok) expect(await ats.look(target)).toMatchObject(done);
      else if (result.kind !== 'ambiguous') expect(await ats.look(target)).toEqual(before);
    });
  });

  describe(`${name}: files`, () => {
    when('findFile', 'attachFile')('are found by their name, each at its application', async () => {
      const target = await apply(ats);
      const other = await apply(ats);
      const { findFile, attachFile } = ats.adapter.operations;
      expect(await findFile?.(target, FILE.name)).toEqual({ ok: true, value: 'absent' });
      await attachFile?.(target, FILE);
      expect(await findFile?.(target, FILE.name)).toEqual({ ok: true, value: 'found' });
      expect(await findFile?.(target, 'another.pdf')).toEqual({ ok: true, value: 'absent' });
      expect(await findFile?.(other, FILE.name)).toEqual({ ok: true, value: 'absent' });
    });

    when('findFile')('cannot be looked for without the right', async () => {
      const target = await apply(ats);
      await ats.forbid('findFile');
      expect(await need(ats, 'findFile')(target, FILE.name)).toEqual({ ok: true, value: 'cannot-look' });
    });
  });

  describe(`${name}: fields`, () => {
    when('listFields')('are listed with their type and choices', async () => {
      if (!ats.fields) throw new Error('The subject names no fields');
      const { text, number, choice } = ats.fields;
      const listed = succeeded(await need(ats, 'listFields')());
      expect(listed).toContainEqual({ ...text, type: 'text', choices: [] });
      expect(listed).toContainEqual({ ...number, type: 'number', choices: [] });
      if (choice) {
        const { choice: one, ...field } = choice;
        expect(listed).toContainEqual({ ...field, type: 'choice', choices: expect.arrayContaining([one]) });
      }
    });

    when('writeFields')('that are not named stay, and null empties', async () => {
      if (!ats.fields) throw new Error('The subject names no fields');
      const { text, number } = ats.fields;
      const target = await apply(ats);
      const write = need(ats, 'writeFields');
      succeeded(await write(target, [{ fieldId: text.fieldId, on: text.on, value: 'sent' }]));
      succeeded(await write(target, [{ fieldId: number.fieldId, on: number.on, value: 86 }]));
      expect((await ats.look(target)).fields).toMatchObject({ [text.fieldId]: 'sent', [number.fieldId]: 86 });
      succeeded(await write(target, [{ fieldId: text.fieldId, on: text.on, value: null }]));
      const { fields } = await ats.look(target);
      expect(fields[number.fieldId]).toBe(86);
      expect(fields[text.fieldId] ?? null).toBeNull();
    });
  });

  describe(`${name}: feedback`, () => {
    when('listFeedbackForms')('forms are listed with the options of their score', async () => {
      const forms = succeeded(await need(ats, 'listFeedbackForms')());
      const form = forms.find(({ formId }) => formId === ats.feedback?.formId);
      expect(form?.scoreField?.options).toContain(ats.feedback?.score);
    });

    when('findFeedback')('cannot be looked for without the right', async () => {
      const target = await apply(ats);
      await ats.forbid('findFeedback');
      expect(await need(ats, 'findFeedback')(target, 'TA-7Q2M')).toEqual({ ok: true, value: 'cannot-look' });
    });
  });

  describe(`${name}: notes of ours`, () => {
    when('updateNote')('that are gone are not written anew', async () => {
      const { target, noteId } = await applyWithNote(ats);
      succeeded(await need(ats, 'deleteNote')(target, noteId));
      const updated = await need(ats, 'updateNote')(target, { noteId, text: 'Once more. (TA-7Q2M)' });
      expect(updated).toMatchObject({ ok: false });
      expect((await ats.look(target)).notes).toEqual([]);
    });
  });

  describe(`${name}: what somebody else has decided meanwhile stays`, () => {
    when('advance')('a candidate in another stage is not advanced from there', async () => {
      const target = await apply(ats);
      await ats.move(target.applicationId, ats.stages.onsite.id);
      await need(ats, 'advance')(target, { fromStageId: ats.stages.first.id });
      expect((await ats.look(target)).stageId).toBe(ats.stages.onsite.id);
    });

    when('transfer')('a candidate in another stage is not transferred', async () => {
      const target = await apply(ats);
      await ats.move(target.applicationId, ats.stages.onsite.id);
      const move = { fromStageId: ats.stages.first.id, toJobId: ats.otherJob.id };
      expect(await need(ats, 'transfer')(target, move)).toMatchObject({ ok: false, kind: 'refused' });
      expect(await ats.look(target)).toMatchObject({ jobId: ats.job.id, stageId: ats.stages.onsite.id });
    });

    when('reject')('another reason is not written over', async () => {
      const target = await apply(ats);
      await ats.archive(target.applicationId, ats.otherReason.id);
      const rejected = await need(ats, 'reject')(target, { reasonId: ats.reasons.declined.id, note: null });
      expect(rejected).toMatchObject({ ok: false, kind: 'refused' });
      expect(await ats.look(target)).toMatchObject({ status: 'archived', reasonId: ats.otherReason.id });
    });

    const onTheArchived = ['advance', 'transfer', 'hire'] as const;
    it.each(onTheArchived.filter((operation) => has.includes(operation)))('%s: who was archived stays so', async (operation) => {
      const { target, call } = await toCase(operation).prepare(ats);
      await ats.archive(target.applicationId, ats.otherReason.id);
      const before = await ats.look(target);
      expect(await call(target)).toMatchObject({ ok: false, kind: 'refused' });
      expect(await ats.look(target)).toEqual(before);
    });

    const onTheHired = ['advance', 'transfer', 'reject'] as const;
    it.each(onTheHired.filter((operation) => has.includes(operation)))('%s: who was hired stays so', async (operation) => {
      const { target, call } = await toCase(operation).prepare(ats);
      await ats.hire(target.applicationId);
      const before = await ats.look(target);
      expect(await call(target)).toMatchObject({ ok: false, kind: 'refused' });
      expect(await ats.look(target)).toEqual(before);
    });

    when('reject')('an unknown reason rejects nobody', async () => {
      const target = await apply(ats);
      const rejected = await need(ats, 'reject')(target, { reasonId: ats.unknownApplicationId, note: null });
      expect(rejected).toMatchObject({ ok: false });
      expect((await ats.look(target)).status).toBe('active');
    });

    when('transfer')('an unknown job takes nobody', async () => {
      const target = await apply(ats);
      const move = { fromStageId: ats.stages.first.id, toJobId: ats.unknownApplicationId };
      expect(await need(ats, 'transfer')(target, move)).toMatchObject({ ok: false });
      expect((await ats.look(target)).jobId).toBe(ats.job.id);
    });
  });

  describe(`${name}: jobs`, () => {
    when('listJobs')('are listed with their state', async () => {
      const jobs = succeeded(await need(ats, 'listJobs')());
      expect(jobs).toContainEqual({ jobId: ats.job.id, name: ats.job.name, status: 'open', confidential: false });
    });

    when('listOpenings')('have openings', async () => {
      const openings = succeeded(await need(ats, 'listOpenings')(ats.job.id));
      expect(openings.filter(({ open }) => open).map(({ openingId }) => openingId)).toContain(ats.hiring.openingId);
    });

    when('listJobPosts')('have posts', async () => {
      const posts = succeeded(await need(ats, 'listJobPosts')(ats.job.id));
      expect(posts).toContainEqual(expect.objectContaining({ title: ats.job.name, live: true }));
    });

    const lists = (['listJobs', 'listOpenings', 'listJobPosts', 'listFields', 'listFeedbackForms'] as const).filter((list) =>
      has.includes(list),
    );
    it.each(lists)('%s: without the right is forbidden', async (list) => {
      await ats.forbid(list);
      expect(await callList(ats, list)).toMatchObject({ ok: false, kind: 'forbidden' });
    });

    it.each(lists)('%s: nonsense is no list', async (list) => {
      await ats.break('reads', { kind: 'html' });
      expect(await callList(ats, list)).toMatchObject({ ok: false, kind: 'unreadable' });
    });
  });
}

function callList(
  ats: AtsOperationsSubject,
  list: 'listJobs' | 'listOpenings' | 'listJobPosts' | 'listFields' | 'listFeedbackForms',
): Promise<CallResult<unknown>> {
  if (list === 'listOpenings' || list === 'listJobPosts') return need(ats, list)(ats.job.id);
  return need(ats, list)();
}

function toCase(operation: OperationName): WriteCase {
  const found = WRITES.find((one) => one.operation === operation);
  if (!found) throw new Error(`${operation} is no write`);
  return found;
}

function succeeded<T>(result: CallResult<T>): T {
  if (!result.ok) throw new Error(`${result.kind}: ${result.detail}`);
  return result.value;
}
