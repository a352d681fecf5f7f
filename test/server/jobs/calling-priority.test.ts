import { describe, expect, test } from 'vitest';
import { type CallPriority, currentPriority, withPriority } from '../../../server/outbound/call-priority.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';

const pipeline = usePipeline();
const given = (): Pipeline => pipeline.current();

/** In what priority the ATS is called, method by method. */
function listen(p: Pipeline): { method: string; priority: CallPriority }[] {
  const heard: { method: string; priority: CallPriority }[] = [];
  const { adapter } = p.ats;
  for (const method of ['readSnapshot', 'addTag', 'writeNote', 'findNote', 'moveToStage'] as const) {
    const original = adapter[method] as (...given: unknown[]) => unknown;
    Object.assign(adapter, {
      [method]: (...given: unknown[]) => {
        heard.push({ method, priority: currentPriority() });
        return original(...given);
      },
    });
  }
  return heard;
}

describe('calls to the ATS', () => {
  test('that a webhook led to are automatic, and so is what a rule decides on it', async () => {
    const p = given();
    const heard = listen(p);
    await p.sent();
    expect(new Set(heard.map(({ method }) => method))).toContain('writeNote');
    expect(new Set(heard.map(({ priority }) => priority))).toEqual(new Set(['automatic']));
    expect(p.queue.effects.filter(({ urgent }) => urgent)).toEqual([]);
  });

  test('that a click led to are the person’s, also those that a worker makes later', async () => {
    const p = given();
    const key = await p.apply({ tags: [] });
    await p.look(key);
    const heard = listen(p);
    await p.click(key);
    await p.lane(key);
    p.pass(11);
    await p.lane(key);
    await p.settle();
    const writes = heard.filter(({ method }) => method !== 'readSnapshot');
    expect(writes.map(({ method }) => method)).toEqual(expect.arrayContaining(['addTag', 'writeNote']));
    expect(new Set(writes.map(({ priority }) => priority))).toEqual(new Set(['person']));
    expect(p.queue.effects.length).toBeGreaterThanOrEqual(3);
    expect(p.queue.effects.filter(({ urgent }) => !urgent)).toEqual([]);
  });

  test('that a click still waits for are the person’s when a worker makes them', async () => {
    const p = given();
    const key = await p.apply();
    const heard = listen(p);
    await p.click(key);
    await p.lane(key);
    expect(heard).toEqual([{ method: 'readSnapshot', priority: 'person' }]);
  });

  test('keep the priority of the request in which they are made', async () => {
    const p = given();
    const key = await p.apply();
    const heard = listen(p);
    await withPriority('person', () => p.look(key));
    await withPriority('sweep', () => p.look(key));
    expect(heard.map(({ priority }) => priority)).toEqual(['person', 'sweep']);
  });
});
