import type { AtsDispositionReason, AtsStage } from './port.ts';

/**
 * What the set-up saw of an account's own words, for credentials that may not list them later. Old by nature: asked only where the
 * ATS itself refuses to say.
 */
export interface KeptNames {
  read(connectionId: string): Promise<{ stages: AtsStage[]; reasons: AtsDispositionReason[] }>;
}

/** For credentials whose own answer is wanted. */
export const NOTHING_KEPT: KeptNames = { read: async () => ({ stages: [], reasons: [] }) };
