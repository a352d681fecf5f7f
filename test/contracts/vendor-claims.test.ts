import { describe, expect, it } from 'vitest';
import { toVendorRows } from './vendor-claims.ts';

const claims = { passed: true, meta: { vendorClaims: { vendor: 'acme', claims: ['cancels: yes', 'retakes: no'] } } };
const check = (passed: boolean, ...checks: string[]) => ({ passed, meta: { vendorChecks: { vendor: 'acme', checks } } });

describe('the table of what vendors can do', () => {
  it('calls tested what a test of the run has checked', () => {
    expect(toVendorRows([claims, check(true, 'cancels')])).toEqual([
      { vendor: 'acme', capability: 'cancels: yes', tested: true },
      { vendor: 'acme', capability: 'retakes: no', tested: false },
    ]);
  });

  it('does not call tested what one of its tests has found to be untrue', () => {
    expect(toVendorRows([claims, check(true, 'cancels'), check(false, 'cancels')])[0]).toMatchObject({ tested: false });
  });

  it('does not take a test of another adapter for one of this', () => {
    const other = { passed: true, meta: { vendorChecks: { vendor: 'other', checks: ['cancels'] } } };
    expect(toVendorRows([claims, other])[0]).toMatchObject({ tested: false });
  });

  it('has no row of which nothing is stated', () => {
    expect(toVendorRows([check(true, 'cancels')])).toEqual([]);
  });
});
