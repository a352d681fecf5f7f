import { z } from 'zod';
import type { VendorAdapter } from '../../server/vendors/port.ts';

/**
 * What the contract suite leaves in its report besides passed and failed, so that `npm run vendors` can be made from the run itself:
 * what an adapter states, and which of it a test is a check of.
 */
declare module 'vitest' {
  interface TaskMeta {
    vendorClaims?: { vendor: string; claims: string[] };
    vendorChecks?: { vendor: string; checks: string[] };
  }
}

export const vendorMetaSchema = z.object({
  vendorClaims: z.object({ vendor: z.string(), claims: z.array(z.string()) }).optional(),
  vendorChecks: z.object({ vendor: z.string(), checks: z.array(z.string()) }).optional(),
});

/** All that can be stated beside the capabilities, by being there. */
export const OPERATIONS = [
  'resend',
  'extend',
  'giveExtraTime',
  'findInvitations',
  'tellOutcome',
  'readReportFile',
] as const satisfies readonly (keyof VendorAdapter['operations'])[];

/** One line for each thing an adapter states, as `name: how`. */
export function claimsOf({ capabilities, operations }: Pick<VendorAdapter, 'capabilities' | 'operations'>): string[] {
  const stated = Object.entries(capabilities).map(([name, value]) => `${name}: ${toWords(value)}`);
  return [...stated, ...OPERATIONS.map((name) => `${name}: ${toWords(operations[name] !== undefined)}`)];
}

function toWords(value: boolean | string | readonly string[]): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' ? value : value.join(', ');
}

export interface VendorRow {
  vendor: string;
  capability: string;
  /** True when at least one test of the run checked it and none that did failed. */
  tested: boolean;
}

interface RunTest {
  passed: boolean;
  meta: z.infer<typeof vendorMetaSchema>;
}

/** Adapter x capability x tested, from what the tests of one run have left. Sorted by adapter; each one's in the order it states them. */
export function toVendorRows(tests: readonly RunTest[]): VendorRow[] {
  const stated = new Map(
    tests.flatMap(({ meta: { vendorClaims } }) => (vendorClaims ? [[vendorClaims.vendor, vendorClaims.claims]] : [])),
  );
  return [...stated]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .flatMap(([vendor, claims]) =>
      claims.map((capability) => ({
        vendor,
        capability,
        tested: isTested(tests, { vendor, name: capability.split(':')[0] ?? '' }),
      })),
    );
}

function isTested(tests: readonly RunTest[], { vendor, name }: { vendor: string; name: string }): boolean {
  const checks = tests.filter(
    ({ meta: { vendorChecks } }) => vendorChecks?.vendor === vendor && vendorChecks.checks.includes(name),
  );
  return checks.length > 0 && checks.every(({ passed }) => passed);
}
