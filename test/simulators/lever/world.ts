import { randomBytes, randomUUID } from 'node:crypto';
import type { Journal } from '../frame/journal.ts';
import type { LeverAccount } from './account.ts';
import type { LeverOpportunity } from './types.ts';

export interface LeverRandom {
  uuid(): string;
  /** `bytes` random bytes in lower-case hex. */
  hex(bytes: number): string;
}

export const cryptoRandom: LeverRandom = { uuid: randomUUID, hex: (bytes) => randomBytes(bytes).toString('hex') };

/** What may be changed while the simulator runs. */
export interface LeverSettings {
  /**
   * Lever: 10 requests a second, bursts to 20, per key. `anySecond`: no more than this within any second, which a bucket alone would
   * allow after a rest. Null switches the limit off.
   */
  rateLimit: { perSecond: number; burst: number; anySecond?: number } | null;
  /** Base address of another data centre: every API call is answered 301 to the same path there. */
  regionRedirect: string | null;
  /** Of this data centre; a consent asked for another one grants nothing but offline_access. */
  audience: string;
  /** Whether an offset that was percent-encoded twice is understood. Public reports disagree; refusing is the stricter reading. */
  acceptDoubleEncodedOffset: boolean;
  /** Lever's schema lists `id` in the envelope; its examples have none. */
  envelopeId: boolean;
  /** Whether a retry or rerun carries the first attempt's token and time. Not publicly documented. */
  retryReusesToken: boolean;
  /** Lever delivers to https only; a test on one machine may allow http. */
  allowHttpWebhooks: boolean;
  deliver: 'deliver' | 'drop' | 'hold';
}

export const strictSettings: LeverSettings = {
  rateLimit: { perSecond: 10, burst: 20 },
  regionRedirect: null,
  audience: 'https://api.lever.co/v1/',
  acceptDoubleEncodedOffset: false,
  envelopeId: false,
  retryReusesToken: true,
  allowHttpWebhooks: false,
  deliver: 'deliver',
};

/** What happened in the account and may interest a webhook. */
export type Happening =
  | { event: 'candidateStageChange'; opportunity: LeverOpportunity; data: { toStageId: string; fromStageId: string | null } }
  | {
      event: 'candidateArchiveChange';
      opportunity: LeverOpportunity;
      data: { toArchived: LeverOpportunity['archived']; fromArchived: LeverOpportunity['archived'] };
    }
  | { event: 'candidateHired' | 'candidateDeleted'; opportunity: LeverOpportunity; data: Record<string, never> }
  | { event: 'applicationCreated'; opportunity: LeverOpportunity; data: { applicationId: string } }
  | { event: 'contactCreated' | 'contactUpdated'; opportunity: null; data: { contactId: string } };

/** What every part of the simulator is given. */
export interface LeverWorld {
  account: LeverAccount;
  settings: LeverSettings;
  journal: Journal;
  random: LeverRandom;
  /** Now, in milliseconds since 1970. */
  nowMs(): number;
  tell(happening: Happening): void;
}
