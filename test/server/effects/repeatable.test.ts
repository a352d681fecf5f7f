import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import { coderbyteSettingsSchema, greenhouseSettingsSchema, leverSettingsSchema } from '../../../lib/contract/settings.ts';
import { repeatable } from '../../../server/effects/repeatable.ts';
import type { EffectContext, EffectOutcome } from '../../../server/effects/runner.ts';
import { connections, effects } from '../../../server/storage/schema.ts';
import type { Effect } from '../../../server/workflow/effect.ts';
import type { EffectReport } from '../../../server/workflow/input.ts';
import { FORBIDDEN, LOST, UNREACHABLE } from '../../support/fake-systems.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { makeResult } from '../../support/workflow-story.ts';

const pipeline = usePipeline();
let p: Pipeline;
beforeEach(async () => {
  p = pipeline.current();
  p.ats.fields = [{ fieldId: 'st', name: 'Assessment status', on: 'application', type: 'text', choices: [] }];
  p.vendor.allow('extend', 'giveExtraTime');
  await set(
    p.atsConnectionId,
    leverSettingsSchema.parse({ kind: 'lever', performAs: 'lever-admin', writeBack: { reportLink: true } }),
  );
  await set(p.vendorConnectionId, coderbyteSettingsSchema.parse({ kind: 'coderbyte', outcomeWords: { 'offer extended': '7' } }));
});

const set = (id: string, settings: typeof connections.$inferInsert.settings) =>
  p.db.update(connections).set({ settings }).where(eq(connections.id, id));

/** Scored, and all that followed from it is over. */
async function scored() {
  const { key, invitationId } = await p.sent();
  p.vendor.report = { state: 'scored', startedAt: null, submittedAt: null, result: makeResult() };
  await p.put(key, { kind: 'poll', invitationId, vendor: 'Coderbyte' });
  await p.lane(key);
  await p.settle();
  return { key, invitationId };
}

/** One more of a kind, whatever would ask for it. */
async function ask(applicationKey: string, effect: Effect): Promise<string> {
  const id = randomUUID();
  const invitationId = 'invitationId' in effect ? effect.invitationId : null;
  const row = { id, key: effect.key, kind: effect.kind, effect, applicationKey, invitationId };
  await p.db.insert(effects).values({ ...row, state: 'queued', createdAt: p.now });
  return id;
}

type Answers = (typeof FORBIDDEN)[];
interface Repeated {
  make: (about: { key: string; invitationId: string; byName: string }) => Effect;
  /** The next calls for it: done without an answer that arrives, and then answered so. */
  loseThen: (...answers: Answers) => void;
  /** Of an invitation that is still out; else of one with a result. */
  isOpen: boolean;
  code: string;
}
const atAts =
  (method: Parameters<Pipeline['ats']['fail']>[0]) =>
  (...answers: Answers) =>
    p.ats.fail(method, 'work-then-fail', ...answers);
const atVendor =
  (method: Parameters<Pipeline['vendor']['fail']>[0]) =>
  (...answers: Answers) =>
    p.vendor.fail(method, 'work-then-fail', ...answers);

const KINDS: Record<string, Repeated> = {
  'a tag': {
    make: ({ key }) => ({ kind: 'add-tag', key, tag: 'SWE', invitationId: null }),
    loseThen: atAts('addTag'),
    isOpen: false,
    code: 'tag-unconfirmed',
  },
  'the removal of a tag': {
    make: ({ key }) => ({ kind: 'remove-tag', key, tag: 'SWE' }),
    loseThen: atAts('removeTag'),
    isOpen: false,
    code: 'tag-removal-unconfirmed',
  },
  fields: {
    make: (about) => ({ kind: 'write-fields', ...about }),
    loseThen: atAts('writeFields'),
    isOpen: true,
    code: 'fields-unconfirmed',
  },
  'a link': {
    make: (about) => ({ kind: 'add-link', ...about }),
    loseThen: atAts('addLink'),
    isOpen: false,
    code: 'link-unconfirmed',
  },
  'a cancellation': {
    make: (about) => ({ kind: 'cancel-invitation', ...about }),
    loseThen: atVendor('cancel'),
    isOpen: true,
    code: 'cancel-unconfirmed',
  },
  'a deadline': {
    make: (about) => ({ kind: 'extend-invitation', ...about, expiresAt: '2026-04-01T09:00:00.000Z' }),
    loseThen: atVendor('extend'),
    isOpen: true,
    code: 'extension-unconfirmed',
  },
  'extra time': {
    make: (about) => ({ kind: 'give-extra-time', ...about }),
    loseThen: atVendor('giveExtraTime'),
    isOpen: true,
    code: 'settings-unconfirmed',
  },
  'an outcome': {
    make: (about) => ({ kind: 'tell-outcome', ...about }),
    loseThen: (...answers) => {
      const left = [LOST, ...answers];
      p.vendor.operations.tellOutcome = async () => left.shift() ?? { ok: true, value: undefined };
    },
    isOpen: false,
    code: 'outcome-unconfirmed',
  },
};

describe.each(Object.entries(KINDS))('%s, done without our hearing of it', (_what, { make, loseThen, isOpen, code }) => {
  const begun = async () => {
    // Only Greenhouse has fields for it.
    if (code === 'fields-unconfirmed')
      await set(p.atsConnectionId, greenhouseSettingsSchema.parse({ kind: 'greenhouse', writeBack: { statusField: 'st' } }));
    const { key, invitationId } = isOpen ? await p.sent() : await scored();
    if (code === 'outcome-unconfirmed') {
      p.vendor.operations.tellOutcome = async () => ({ ok: true, value: undefined });
      await p.enter(key, 'offer');
      await p.look(key);
      await p.settle();
    }
    return { key, id: await ask(key, make({ key: 'once more', invitationId, byName: 'Ben' })) };
  };

  test('and then refused: it is not certain, and that is said', async () => {
    const { key, id } = await begun();
    loseThen(FORBIDDEN);
    expect(await p.run(id)).toBe('later');
    p.pass(60);
    expect(await p.run(id)).toBe('done');
    expect((await p.effectRow(id)).state).toBe('unconfirmed');
    await p.lane(key);
    expect(await p.codes(key)).toContain(code);
  });

  test('and then out of reach: that is remembered at the next try', async () => {
    const { key, id } = await begun();
    loseThen(UNREACHABLE, FORBIDDEN);
    for (let tries = 0; tries < 3; tries += 1) {
      await p.run(id);
      p.pass(600);
    }
    expect((await p.effectRow(id)).state).toBe('unconfirmed');
    await p.lane(key);
    expect(await p.codes(key)).toContain(code);
  });

  test('and then out of reach for a day: it is not certain', async () => {
    const { key, id } = await begun();
    loseThen(UNREACHABLE);
    await p.run(id);
    p.pass(25 * 3600);
    expect(await p.run(id)).toBe('done');
    expect((await p.effectRow(id)).state).toBe('unconfirmed');
    await p.lane(key);
    expect(await p.codes(key)).toContain(code);
  });

  test('and then taken: done', async () => {
    const { id } = await begun();
    loseThen();
    await p.run(id);
    p.pass(60);
    await p.run(id);
    expect((await p.effectRow(id)).state).toBe('done');
  });
});

describe('a runner that may be repeated', () => {
  const REPORT: EffectReport = { type: 'effect.failed', effect: 'add-tag', effectKey: 'k', unconfirmed: false, values: {} };
  const EFFECT = { kind: 'add-tag', key: 'k', tag: 'SWE', invitationId: null } as const;
  // Neither is looked at by what is tested here.
  const CONTEXT = {} as EffectContext;
  const answering = (outcome: EffectOutcome) => repeatable<'add-tag'>({ run: async () => outcome, giveUp: () => REPORT });

  test.each<[string, boolean, EffectOutcome, string]>([
    ['fails at its first run', false, { kind: 'failed', report: REPORT, why: '' }, 'failed'],
    ['fails at a later one', true, { kind: 'failed', report: REPORT, why: '' }, 'unconfirmed'],
    [
      'fails at a later one, whatever was done before',
      true,
      { kind: 'failed', report: REPORT, why: '', certain: true },
      'failed',
    ],
    ['is done at a later one', true, { kind: 'done', report: REPORT }, 'done'],
  ])('%s', async (_what, interrupted, outcome, kind) => {
    const ended = await answering(outcome).run(EFFECT, CONTEXT, interrupted);
    expect(ended).toMatchObject({ kind, ...(kind === 'unconfirmed' && { report: { unconfirmed: true } }) });
    if (kind === 'failed') expect(ended).toMatchObject({ report: { unconfirmed: false } });
  });

  test.each([false, true])('is given up after a day, with an answer open: %s', (mayHaveHappened) => {
    const report = answering({ kind: 'failed', report: REPORT, why: '' }).giveUp(EFFECT, CONTEXT, { why: '', mayHaveHappened });
    expect(report).toMatchObject({ unconfirmed: mayHaveHappened });
  });
});
