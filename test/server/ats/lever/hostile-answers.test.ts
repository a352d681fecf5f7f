import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collect, fixture, OPPORTUNITY, scriptedLever, TARGET } from './scripted-lever.ts';

/** Check S27: swapped types, missing fields, numbers where text belongs. */
describe('whatever Lever answers', () => {
  it('a reading is a snapshot or a failure, never an error, and never somebody without an id', async () => {
    const { data } = (await fixture('opportunity')) as { data: Record<string, unknown> };
    const changes = fc.dictionary(fc.constantFrom(...Object.keys(data)), fc.oneof(fc.jsonValue(), fc.constant(undefined)), {
      maxKeys: 4,
    });
    await fc.assert(
      fc.asyncProperty(changes, fc.jsonValue(), async (change, other) => {
        const { adapter } = scriptedLever({
          [`GET /opportunities/${OPPORTUNITY}`]: { body: { data: { ...data, ...change } } },
          'GET /stages': { body: other },
          'GET /archive_reasons': { body: { data: other } },
          'GET /postings/f2f01e16-27f8-4711-a728-7d49499795a0': { body: { data: other } },
        });
        const snapshot = await adapter.readSnapshot(OPPORTUNITY);
        if (snapshot.ok) expect(snapshot.value.applicationId).toMatch(/./);
        else expect(snapshot.kind).toBe('unreadable');
      }),
      { numRuns: 500 },
    );
  });

  it('another opportunity than the one that was asked for is nobody to act on', async () => {
    const { data } = (await fixture('opportunity')) as { data: Record<string, unknown> };
    const { adapter } = scriptedLever({
      [`GET /opportunities/${OPPORTUNITY}`]: { body: { data: { ...data, id: 'somebody-else' } } },
    });
    expect(await adapter.readSnapshot(OPPORTUNITY)).toMatchObject({ ok: false, kind: 'unreadable' });
  });

  it('lists, notes and writes end in a value', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (body) => {
        const { adapter } = scriptedLever({
          'GET /stages': { body },
          'GET /archive_reasons': { body: { data: body } },
          'GET /opportunities': { body: { data: body, hasNext: true, next: '%' } },
          [`GET /opportunities/${OPPORTUNITY}/notes`]: { body: { data: body } },
          [`POST /opportunities/${OPPORTUNITY}/notes`]: { body },
          [`POST /opportunities/${OPPORTUNITY}/addTags`]: { body },
        });
        for (const result of [
          await adapter.listStages(),
          await adapter.listDispositionReasons(),
          await adapter.findApplications('person'),
          await adapter.findNote(TARGET, 'TA-1'),
          await adapter.check(),
          ...(await collect(adapter.findChangedSince({ since: new Date(0), stageIds: ['s'] }))),
        ])
          expect(result.ok || result.kind).toBeTruthy();
        // What it answers to a write matters to nobody: it was done.
        expect(await adapter.addTag(TARGET, 'x')).toEqual({ ok: true, value: undefined });
        expect(await adapter.writeNote(TARGET, { text: 'x', reference: 'x' })).toMatchObject({ ok: true });
      }),
      { numRuns: 200 },
    );
  });
});
