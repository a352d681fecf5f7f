import { beforeEach, describe, expect, test } from 'vitest';
import type { AtsStage } from '../../../server/ats/port.ts';
import type { Connector } from '../../../server/jobs/connector.ts';
import { createStageLists, type ListStages } from '../../../server/jobs/stage-lists.ts';
import { currentPriority, withPriority } from '../../../server/outbound/call-priority.ts';
import type { CallResult } from '../../../server/outbound/outcome.ts';
import { FakeAts, UNREACHABLE } from '../../support/fake-systems.ts';

const STAGES: AtsStage[] = [{ stageId: 'onsite', name: 'Onsite', order: 2, job: null }];
const LISTED: CallResult<AtsStage[]> = { ok: true, value: STAGES };

let nowMs: number;
let asked: ((answer: CallResult<AtsStage[]>) => void)[];
let priorities: string[];
let stagesPerJob: boolean;
let listStages: ListStages;
beforeEach(() => {
  nowMs = 0;
  asked = [];
  stagesPerJob = true;
  priorities = [];
  const listing = (jobId?: string) => {
    priorities.push(`${jobId ?? 'all'}: ${currentPriority()}`);
    return new Promise<CallResult<AtsStage[]>>((resolve) => void asked.push(resolve));
  };
  const connector: Connector = {
    ats: async () => ({
      ok: true,
      value: { ...new FakeAts().adapter, capabilities: { updatesNotes: false, stagesPerJob }, listStages: listing },
    }),
    vendor: async () => UNREACHABLE,
  };
  listStages = createStageLists({ connector, clock: { now: () => new Date(nowMs) } });
});
/** All that wait for nothing but a promise that is settled have gone on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
const answer = (how: CallResult<AtsStage[]>) => {
  for (const resolve of asked.splice(0)) resolve(how);
};

describe('the stages of a connection', () => {
  test('are listed once for all who ask while the list is under way, for each connection by itself', async () => {
    const all = [listStages('a'), listStages('a'), listStages('b')];
    await settled();
    all.push(listStages('a'));
    await settled();
    expect(asked).toHaveLength(2);
    answer(LISTED);
    expect(await Promise.all(all)).toEqual([STAGES, STAGES, STAGES, STAGES]);
    expect(await listStages('a')).toEqual(STAGES);
    expect(asked).toHaveLength(0);
  });

  test('are listed once again for all when the list runs out', async () => {
    const first = listStages('a');
    await settled();
    answer(LISTED);
    await first;
    nowMs += 6 * 60_000;
    const later = [listStages('a'), listStages('a')];
    await settled();
    expect(asked).toHaveLength(1);
    answer(UNREACHABLE);
    // What was heard before holds while nothing newer can be.
    expect(await Promise.all(later)).toEqual([STAGES, STAGES]);
  });

  test('a list that could not be had is asked for again before long', async () => {
    const all = [listStages('a'), listStages('a')];
    await settled();
    expect(asked).toHaveLength(1);
    answer(UNREACHABLE);
    expect(await Promise.all(all)).toEqual([[], []]);
    nowMs += 20_000;
    const again = listStages('a');
    await settled();
    answer(LISTED);
    expect(await again).toEqual(STAGES);
  });

  test('a fault holds up nobody who asks later', async () => {
    let faults = 1;
    const faulty = createStageLists({
      connector: {
        ats: async () => {
          if (faults-- > 0) throw new Error('once');
          return UNREACHABLE;
        },
        vendor: async () => UNREACHABLE,
      },
      clock: { now: () => new Date(nowMs) },
    });
    await expect(faulty('a')).rejects.toThrow('once');
    expect(await faulty('a')).toEqual([]);
  });

  describe('with those of a job that the list of all leaves out', () => {
    const ofJob = (id: string): AtsStage => ({ stageId: `onsite of ${id}`, name: 'Onsite', order: 2, job: { id, name: null } });
    const listed = (...stages: AtsStage[]): CallResult<AtsStage[]> => ({ ok: true, value: stages });
    /** Asks, and answers the calls that follow in order. */
    const ask = async (jobId: string, ...answers: CallResult<AtsStage[]>[]) => {
      const stages = listStages('a', jobId);
      for (const one of answers) {
        await settled();
        expect(asked).toHaveLength(1);
        answer(one);
      }
      return await stages;
    };

    test('are asked for by that job, once for some minutes', async () => {
      expect(await ask('closed', listed(ofJob('open')), listed(ofJob('closed')))).toEqual([ofJob('open'), ofJob('closed')]);
      expect(await ask('closed')).toContainEqual(ofJob('closed'));
      expect(await ask('open')).toEqual([ofJob('open')]);
      nowMs += 6 * 60_000;
      expect(await ask('closed', listed(ofJob('open')), UNREACHABLE)).toContainEqual(ofJob('closed'));
    });

    test('are asked for where no job is open at all, but not while nothing can be had', async () => {
      expect(await ask('closed', UNREACHABLE)).toEqual([]);
      nowMs += 20_000;
      expect(await ask('closed', listed(), listed(ofJob('closed')))).toEqual([ofJob('closed')]);
    });

    test('go as whoever asks goes, while that of all goes first; nobody waits for what goes behind them', async () => {
      const swept = withPriority('sweep', () => listStages('a', 'closed'));
      await settled();
      answer(listed(ofJob('open')));
      await settled();
      const looked = withPriority('person', () => listStages('a', 'closed'));
      await settled();
      expect(priorities).toEqual(['all: person', 'closed: sweep', 'closed: person']);
      answer(listed(ofJob('closed')));
      expect(await looked).toContainEqual(ofJob('closed'));
      expect(await swept).toContainEqual(ofJob('closed'));
    });

    test('are not asked for where stages belong to the account', async () => {
      stagesPerJob = false;
      expect(await ask('posting', LISTED)).toEqual(STAGES);
      nowMs += 6 * 60_000;
      expect(await ask('posting', listed())).toEqual([]);
    });
  });
});
