import { describe, expect, test } from 'vitest';
import type { AtsOperations } from '../../../server/ats/operations.ts';
import { changesAllowed } from '../../../server/http/possible-changes.ts';

const done = async () => ({ ok: true as const, value: undefined });
const none = async () => ({ ok: true as const, value: [] });
const ALL: AtsOperations = { advance: done, transfer: done, reject: done, unreject: done, hire: done, listJobs: none };
const RIGHTS = { reject: ['may reject'], transfer: ['may move', 'may list'] };
const TEST_STAGE = { id: 'test', name: 'Test' };

const allowed = (
  status: 'active' | 'archived' | 'hired' | 'prospect',
  { operations = ALL, stage = TEST_STAGE as typeof TEST_STAGE | null, missing = [] as string[] } = {},
) => changesAllowed({ operations, changeRights: RIGHTS }, { status, stage }, new Set(missing));

describe('what the menu offers', () => {
  test('follows what the application is', () => {
    expect(allowed('active')).toEqual(['advance', 'transfer', 'reject', 'hire']);
    expect(allowed('archived')).toEqual(['unreject']);
    expect(allowed('hired')).toEqual([]);
    expect(allowed('prospect')).toEqual([]);
    expect(allowed('active', { stage: null })).toEqual(['reject', 'hire']);
  });

  test('leaves out what the ATS has no call for, and another job without a list of jobs', () => {
    expect(allowed('active', { operations: {} })).toEqual([]);
    const { listJobs: _listJobs, ...withoutList } = ALL;
    expect(allowed('active', { operations: withoutList })).toEqual(['advance', 'reject', 'hire']);
  });

  test('leaves out what a right is known to be missing for, one of several included', () => {
    expect(allowed('active', { missing: ['may reject'] })).toEqual(['advance', 'transfer', 'hire']);
    expect(allowed('active', { missing: ['may list'] })).toEqual(['advance', 'reject', 'hire']);
    expect(allowed('active', { missing: ['something else'] })).toHaveLength(4);
  });
});
