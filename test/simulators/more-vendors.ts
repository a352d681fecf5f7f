import type { CodesignalSimulator, CodesignalSimulatorOptions } from './codesignal/index.ts';
import type { SeededCodesignal } from './codesignal/seed.ts';
import type { Journal } from './frame/journal.ts';
import type { HackerrankSimulator, HackerrankSimulatorOptions } from './hackerrank/index.ts';
import type { SeededAccount } from './hackerrank/seed.ts';
import type { PartnerSimulator, PartnerSimulatorOptions } from './partner/index.ts';
import type { SeededPartner } from './partner/seed.ts';

/** The vendors that a world has only when it is asked for them; `{}` is enough. */
export interface MoreVendorOptions {
  hackerrank?: Pick<HackerrankSimulatorOptions, 'settings'>;
  codesignal?: Pick<CodesignalSimulatorOptions, 'settings'>;
  /** For Adaface give its base path: see `toAdafacePath`. */
  partner?: Pick<PartnerSimulatorOptions, 'settings' | 'basePath'>;
}

export interface MoreVendors {
  hackerrank?: HackerrankSimulator;
  codesignal?: CodesignalSimulator;
  partner?: PartnerSimulator;
}

export interface MoreSeeds {
  hackerrank?: SeededAccount;
  codesignal?: SeededCodesignal;
  partner?: SeededPartner;
}

interface Frame {
  now: () => Date;
  journal: Journal;
  schedule: (delayMs: number, run: () => void) => void;
}

/** Where their pages are. */
export const MORE_PAGE_HOSTS: Record<keyof MoreVendors, string> = {
  hackerrank: 'www.hackerrank.com',
  codesignal: 'app.codesignal.com',
  partner: 'app.adaface.com',
};

/** What comes after the address of the server in the base address of the API. */
export function toApiPath(simulator: HackerrankSimulator | CodesignalSimulator | PartnerSimulator): string {
  if (simulator.name === 'hackerrank') return '/x/api/v3';
  return simulator.name === 'codesignal' ? '/graphql' : simulator.basePath;
}

/** Loaded only when wanted: most worlds do without, and a GraphQL engine takes its time to load. */
export async function createMoreVendors(options: MoreVendorOptions, { schedule, ...frame }: Frame): Promise<MoreVendors> {
  const vendors: MoreVendors = {};
  if (options.hackerrank) {
    const { createHackerrankSimulator } = await import('./hackerrank/index.ts');
    vendors.hackerrank = createHackerrankSimulator({ ...frame, ...options.hackerrank });
  }
  if (options.codesignal) {
    const { createCodesignalSimulator } = await import('./codesignal/index.ts');
    vendors.codesignal = createCodesignalSimulator({ ...frame, schedule, ...options.codesignal });
  }
  if (options.partner) {
    const { createPartnerSimulator } = await import('./partner/index.ts');
    vendors.partner = createPartnerSimulator({ ...frame, ...options.partner });
  }
  return vendors;
}

export function seedMoreVendors({ hackerrank, codesignal, partner }: MoreVendors): MoreSeeds {
  return { hackerrank: hackerrank?.seed(), codesignal: codesignal?.seed(), partner: partner?.seed() };
}
