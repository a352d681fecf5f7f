import { afterEach, describe, expect, it } from 'vitest';
import { leverSettingsSchema } from '../../../../lib/contract/settings.ts';
import { NOTHING_KEPT } from '../../../../server/ats/kept-names.ts';
import { LEVER_ALLOWANCE } from '../../../../server/ats/lever/client.ts';
import { leverKey } from '../../../../server/ats/lever/credential.ts';
import { createLeverAdapter } from '../../../../server/ats/lever/index.ts';
import type { AllowanceStore } from '../../../../server/outbound/allowance-store.ts';
import { withPriority } from '../../../../server/outbound/call-priority.ts';
import { createHttpClient } from '../../../../server/outbound/http.ts';
import { UNLIMITED } from '../../../../server/outbound/rate-limiter.ts';
import { createSharedLimiter } from '../../../../server/outbound/shared-limiter.ts';
import { type ServedSimulator, serveSimulator } from '../../../simulators/frame/serve.ts';
import { createLeverSimulator, type LeverSimulatorOptions } from '../../../simulators/lever/index.ts';
import { collect } from './scripted-lever.ts';

const running: ServedSimulator[] = [];
afterEach(async () => {
  for (const served of running.splice(0)) await served.close();
});

/** A key that may read and write everything, or less, at a seeded company; wired through the real HTTP client. */
async function connect(options: LeverSimulatorOptions = {}) {
  const lever = createLeverSimulator(options);
  const company = lever.seed();
  const served = await serveSimulator(lever.api);
  running.push(served);
  const connectWith = (apiKey: string, { through = served, performAs = '', limiter = UNLIMITED } = {}) => {
    const names = [through, served].map(({ port }) => `127.0.0.1:${port}`);
    const log = { debug: () => undefined, warn: () => undefined };
    return createLeverAdapter({
      http: createHttpClient({ testHosts: names, allowedHosts: names, log }),
      limiter,
      settings: leverSettingsSchema.parse({ kind: 'lever', apiUrl: `${through.url}/v1`, performAs }),
      credential: leverKey(apiKey),
      clock: { now: () => new Date() },
      connectionId: 'connection-1',
      keptNames: NOTHING_KEPT,
    });
  };
  return { lever, company, served, connectWith };
}

describe('a Lever key with few rights', () => {
  it('reads a candidate with the right to opportunities alone', async () => {
    const { lever, company, connectWith } = await connect();
    const key = lever.play.createKey({ label: 'few', permissions: ['opportunities:read'] });
    const snapshot = await connectWith(key.secret).readSnapshot(company.opportunities.ada);
    expect(snapshot).toMatchObject({
      ok: true,
      value: { name: 'Ada Moreno', stage: { name: 'Phone screen' }, job: { name: null } },
    });
  });

  it('that may write notes but not list them says that it cannot look', async () => {
    const { lever, company, connectWith } = await connect();
    const key = lever.play.createKey({ label: 'few', permissions: ['notes:write'] });
    const adapter = connectWith(key.secret);
    const target = { applicationId: company.opportunities.ada, candidateId: null };
    expect(await adapter.writeNote(target, { text: 'TA-1', reference: 'TA-1' })).toMatchObject({ ok: true });
    expect(await adapter.findNote(target, 'TA-1')).toEqual({ ok: true, value: 'cannot-look' });
    expect(await adapter.addTag(target, 'x')).toMatchObject({
      ok: false,
      kind: 'forbidden',
      detail: expect.stringContaining('opportunities:write'),
    });
    expect(await adapter.check()).toMatchObject({ ok: false, kind: 'forbidden' });
  });

  it('without access to confidential data does not find a confidential candidate; with it the sweep names them too', async () => {
    const { lever, company, connectWith } = await connect();
    const without = lever.play.createKey({ label: 'without' });
    expect(await connectWith(without.secret).readSnapshot(company.opportunities.grace)).toMatchObject({
      ok: false,
      kind: 'not-found',
    });
    const changed = connectWith(company.key.secret).findChangedSince({ since: new Date(0), stageIds: [company.stages.newLead] });
    expect(await collect(changed)).toContainEqual({
      ok: true,
      value: { applicationId: company.opportunities.grace, isElsewhere: expect.any(Boolean) },
    });
  });

  it('that was revoked is unauthorised', async () => {
    const { lever, company, connectWith } = await connect();
    lever.play.revokeKey({ label: company.key.label });
    expect(await connectWith(company.key.secret).check()).toMatchObject({ ok: false, kind: 'unauthorised', status: 401 });
  });
});

describe('a Lever account', () => {
  it('in another data centre is reached by its redirects, for reads and writes', async () => {
    const { company, served, lever, connectWith } = await connect();
    const front = createLeverSimulator({ settings: { regionRedirect: served.url } });
    const entrance = await serveSimulator(front.api);
    running.push(entrance);
    const adapter = connectWith(company.key.secret, { through: entrance });
    const target = { applicationId: company.opportunities.ada, candidateId: null };
    expect(await adapter.addTag(target, 'Take-home')).toEqual({ ok: true, value: undefined });
    expect(lever.account.opportunities.get(target.applicationId)?.tags).toContain('Take-home');
    expect(await adapter.readSnapshot(target.applicationId)).toMatchObject({ ok: true, value: { name: 'Ada Moreno' } });
  });

  it('names the chosen user as author of notes and moves', async () => {
    const { lever, company, connectWith } = await connect();
    const adapter = connectWith(company.key.secret, { performAs: company.users.teamMember });
    const target = { applicationId: company.opportunities.ben, candidateId: null };
    await adapter.writeNote(target, { text: 'TA-9', reference: 'TA-9' });
    await adapter.moveToStage(target, { fromStageId: company.stages.phoneScreen, toStageId: company.stages.assessment });
    const note = [...lever.account.notes.values()].find(({ comments }) => comments[0]?.value === 'TA-9');
    expect(note?.user).toBe(company.users.teamMember);
    const snapshot = await adapter.readSnapshot(target.applicationId);
    expect(snapshot.ok && snapshot.value.stageEntries.at(-1)).toMatchObject({
      byUserId: company.users.teamMember,
      stageName: 'Assessment',
    });
  });

  it('never says "too many requests" to us: a burst of calls keeps to its pace', async () => {
    const { lever, company, connectWith } = await connect({ settings: { rateLimit: { perSecond: 10, burst: 12 } } });
    const limiter = createSharedLimiter({
      key: 'k',
      rule: LEVER_ALLOWANCE,
      store: memoryAllowanceStore(),
      party: 'this process',
      chance: () => 0.5,
      steadyMs: () => performance.now(),
      later: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
      onTrouble: (error) => {
        throw error;
      },
    });
    const adapter = connectWith(company.key.secret, { limiter });
    // More than Lever takes at once. A person waits for it; work that nobody waits for is told to come back.
    const answers = await withPriority('person', () => Promise.all(Array.from({ length: 14 }, () => adapter.check())));
    limiter.stop();

    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(lever.journal.list({ kind: 'api' }).filter(({ status }) => status === 429)).toEqual([]);
  });
});

/** The shared state, for one process. */
function memoryAllowanceStore(): AllowanceStore {
  let stored: (Record<string, unknown> & { version: number }) | null = null;
  return {
    read: async () => ({ state: structuredClone(stored), now: Date.now() }),
    async swap(_key, { expected, state }) {
      const swapped = (stored?.version ?? null) === expected;
      if (swapped) stored = structuredClone(state);
      return { swapped, now: Date.now() };
    },
  };
}
