import { describe, expect, test } from 'vitest';
import type { AtsOperations } from '../../../server/ats/operations.ts';
import { createChangeChooser, withChosen } from '../../../server/http/change-choices.ts';
import { FakeAts, FORBIDDEN, UNREACHABLE } from '../../support/fake-systems.ts';
import { makeSnapshot } from '../../support/workflow-story.ts';

const SNAPSHOT = makeSnapshot({ job: { id: 'job-1', name: 'Backend' } });
const start = (operations: AtsOperations = {}) => {
  const ats = new FakeAts();
  Object.assign(ats.adapter.operations, operations);
  let nowMs = 0;
  let asked = 0;
  ats.adapter.listDispositionReasons = async () => {
    asked += 1;
    return { ok: true, value: ats.reasons };
  };
  ats.reasons = [
    { reasonId: 'w', name: 'Withdrew', kind: 'non-hired', active: true },
    { reasonId: 'o', name: 'Old', kind: 'non-hired', active: false },
    { reasonId: 'u', name: 'Underqualified', kind: 'unknown', active: true },
    { reasonId: 'h', name: 'Hired', kind: 'hired', active: true },
  ];
  const connector = { ats: async () => ({ ok: true as const, value: ats.adapter }), vendor: async () => UNREACHABLE };
  const chooser = createChangeChooser({ connector, clock: { now: () => new Date(nowMs) } });
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { ats, chooser, pass, asked: () => asked };
};
const opening = (openingId: string, open: boolean) => ({ openingId, name: null, open });
const job = (jobId: string, more: object = {}) => ({ jobId, name: jobId, status: 'open' as const, confidential: false, ...more });

describe('what there is to choose', () => {
  test('to reject: active reasons that do not mean hired, by name', async () => {
    const { choices } = await start().chooser.choicesFor('reject', SNAPSHOT);
    expect(choices.map(({ id }) => id)).toEqual(['u', 'w']);
  });

  test('to hire where there are no openings: the reasons that mean hired', async () => {
    const { ats, chooser } = start();
    delete ats.adapter.operations.listOpenings;
    expect(await chooser.choicesFor('hire', SNAPSHOT)).toEqual({
      of: 'reason',
      choices: [{ id: 'h', name: 'Hired' }],
      isNeeded: true,
    });
  });

  test('to hire for an opening: the open ones; one may be left to the ATS, of two one has to be named', async () => {
    const one = start({ listOpenings: async () => ({ ok: true, value: [opening('1', true), opening('2', false)] }) });
    expect(await one.chooser.choicesFor('hire', SNAPSHOT)).toMatchObject({
      of: 'opening',
      choices: [{ id: '1' }],
      isNeeded: false,
    });
    const two = start({ listOpenings: async () => ({ ok: true, value: [opening('1', true), opening('2', true)] }) });
    expect((await two.chooser.choicesFor('hire', SNAPSHOT)).isNeeded).toBe(true);
    const blind = start({ listOpenings: async () => FORBIDDEN });
    expect(await blind.chooser.choicesFor('hire', SNAPSHOT)).toEqual({ of: 'opening', choices: [], isNeeded: false });
  });

  test('another job: open ones, neither confidential nor its own', async () => {
    const jobs = [job('job-1'), job('job-2'), job('shut', { status: 'closed' }), job('secret', { confidential: true })];
    const { chooser } = start({ listJobs: async () => ({ ok: true, value: jobs }) });
    expect((await chooser.choicesFor('transfer', SNAPSHOT)).choices).toEqual([{ id: 'job-2', name: 'job-2' }]);
  });

  test('is asked once a minute, or anew when somebody needs to be sure', async () => {
    const { chooser, pass, asked } = start();
    await chooser.choicesFor('reject', SNAPSHOT);
    await chooser.choicesFor('reject', SNAPSHOT);
    expect(asked()).toBe(1);
    await chooser.choicesFor('reject', SNAPSHOT, true);
    expect(asked()).toBe(2);
    pass(60_001);
    await chooser.choicesFor('reject', SNAPSHOT);
    expect(asked()).toBe(3);
  });

  test('a list that cannot be read is an error with words, and is not remembered', async () => {
    const { ats, chooser, asked } = start();
    const works = ats.adapter.listDispositionReasons;
    ats.adapter.listDispositionReasons = async () => UNREACHABLE;
    await expect(chooser.choicesFor('reject', SNAPSHOT)).rejects.toMatchObject({ code: 'ats-unavailable' });
    ats.adapter.listDispositionReasons = works;
    await chooser.choicesFor('reject', SNAPSHOT);
    expect(asked()).toBe(1);
  });
});

describe('what was chosen', () => {
  const reasons = { of: 'reason' as const, choices: [{ id: 'u', name: 'Underqualified' }], isNeeded: true };
  test('is named as the ATS names it', () => {
    expect(withChosen('reject', reasons, 'u')).toEqual({ kind: 'reject', reasonId: 'u', reasonName: 'Underqualified' });
    expect(withChosen('transfer', { ...reasons, of: 'job' }, 'u')).toEqual({
      kind: 'transfer',
      jobId: 'u',
      jobName: 'Underqualified',
    });
    expect(withChosen('hire', reasons, 'u')).toEqual({ kind: 'hire', openingId: null, reasonId: 'u' });
    expect(withChosen('hire', { ...reasons, of: 'opening' }, 'u')).toEqual({ kind: 'hire', openingId: 'u', reasonId: null });
  });

  test('is nothing where the ATS does not list it, or it is missing and needed', () => {
    expect(withChosen('reject', reasons, 'x')).toBeNull();
    expect(withChosen('hire', reasons, null)).toBeNull();
    expect(withChosen('hire', { of: 'opening', choices: [], isNeeded: false }, 'x')).toBeNull();
    expect(withChosen('hire', { of: 'opening', choices: [], isNeeded: false }, null)).toEqual({
      kind: 'hire',
      openingId: null,
      reasonId: null,
    });
  });
});
