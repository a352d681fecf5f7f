import { describe, expect, test } from 'vitest';
import { readCatalogueRead, syncCatalogue, syncOldCatalogues } from '../../../server/jobs/sync-catalogue.ts';
import { loadPolicy } from '../../../server/storage/load-policy.ts';
import { readCatalogue } from '../../../server/storage/vendor-catalogue.repository.ts';
import type { VendorAdapter, VendorAssessment } from '../../../server/vendors/port.ts';
import { usePipeline } from '../../support/pipeline.ts';

const { current: pipeline } = usePipeline();

const swe: VendorAssessment = { externalId: 'swe', name: 'Senior SWE', kind: 'test', durationMinutes: 60 };
const data: VendorAssessment = { externalId: 'data', name: 'Data', kind: 'take-home project', durationMinutes: null };
const AWAY = { ok: false, kind: 'unreachable', detail: 'no route' } as const;

type Listed = Awaited<ReturnType<VendorAdapter['listAssessments']>>;

/** Asks a vendor that answers this, now. */
async function sync(listed: VendorAssessment[] | Extract<Listed, { ok: false }>) {
  const p = pipeline();
  p.vendor.adapter.listAssessments = async () => (Array.isArray(listed) ? { ok: true, value: listed } : listed);
  p.pass(1);
  return await syncCatalogue(p.parts, { connectionId: p.vendorConnectionId, unlessWithinMs: 0 });
}

const states = async () => {
  const rows = await readCatalogue(pipeline().db, pipeline().vendorConnectionId);
  return Object.fromEntries(rows.map(({ externalId, state }) => [externalId, state]));
};
const ofOurs = async () => (await loadPolicy(pipeline().db, pipeline().atsConnectionId)).assessments[0]?.catalogueState;

describe('what a vendor offers', () => {
  test('is kept with its state; what is no longer listed is gone, and what comes back is itself again', async () => {
    await sync([swe, { ...data, state: 'draft' }]);
    expect(await states()).toEqual({ swe: 'active', data: 'draft' });
    await sync([{ ...data, state: 'locked' }]);
    expect(await states()).toEqual({ swe: 'gone', data: 'locked' });
    expect(await ofOurs()).toBe('gone');
    await sync([swe, data]);
    expect(await states()).toEqual({ swe: 'active', data: 'active' });
    expect(await ofOurs()).toBeNull();
  });

  test('stays as it was while the vendor cannot be asked, and the trouble is kept', async () => {
    await sync([swe]);
    expect(await sync(AWAY)).toMatchObject({ kind: 'unreachable' });
    expect(await states()).toEqual({ swe: 'active' });
    expect((await readCatalogueRead(pipeline().db, pipeline().vendorConnectionId)).trouble).toMatch(/Coderbyte/);
    await sync([swe]);
    expect((await readCatalogueRead(pipeline().db, pipeline().vendorConnectionId)).trouble).toBeNull();
  });

  test('is not believed to be nothing at all', async () => {
    await sync([swe]);
    await sync([]);
    expect(await states()).toEqual({ swe: 'active' });
    expect((await readCatalogueRead(pipeline().db, pipeline().vendorConnectionId)).trouble).toMatch(/listed nothing/);
  });

  test('of a vendor that was never listed, or cannot list any more, says nothing against an assessment', async () => {
    expect(await ofOurs()).toBeNull();
    await sync([data]);
    expect(await ofOurs()).toBeNull();
    await sync([swe]);
    await sync([data]);
    expect(await ofOurs()).toBe('gone');
    pipeline().vendor.adapter.capabilities.listsAssessments = false;
    await sync([data]);
    expect(await ofOurs()).toBeNull();
  });

  test('is asked for by one of several processes, every half hour', async () => {
    const p = pipeline();
    let asked = 0;
    p.vendor.adapter.listAssessments = async () => {
      asked += 1;
      return { ok: true, value: [swe] };
    };
    await Promise.all([syncOldCatalogues(p.parts), syncOldCatalogues(p.parts)]);
    expect(asked).toBe(1);
    p.pass(29 * 60);
    await syncOldCatalogues(p.parts);
    expect(asked).toBe(1);
    p.pass(2 * 60);
    await syncOldCatalogues(p.parts);
    expect(asked).toBe(2);
  });
});
