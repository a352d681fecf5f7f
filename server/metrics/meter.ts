import type { ConnectionKind } from '../../lib/contract/settings.ts';

/** To whom a call went: the kind of the connection, never a host or a name. */
export type CallTarget = ConnectionKind | 'mail' | 'outgoing-hook';

/**
 * What the rooms of the server tell of their work, one word each; what becomes of it is not their business. Takes no personal data and
 * nothing whose values have no end: no ids, no hosts, no names that somebody chose. `key` alone is an id, and is never shown.
 */
export interface Meter {
  /** A webhook was answered. `kind`: of the connection whose address it came to; null while that is not known. */
  webhook(kind: ConnectionKind | null, outcome: string): void;
  /** What was received at this time has been put into these lanes. */
  told(keys: readonly string[], receivedAt: Date): void;
  /** All that was put into this lane before has been decided on. */
  decided(key: string, now: Date): void;
  /** One try of an effect: done, failed, unconfirmed, or again. */
  effect(kind: string, end: string): void;
  /** One call that went out. `outcome`: ok, or the kind of its failure. */
  call(target: CallTarget, outcome: string, tookMs: number): void;
}

/** Where nobody asks for metrics. */
export const SILENT_METER: Meter = {
  webhook: () => undefined,
  told: () => undefined,
  decided: () => undefined,
  effect: () => undefined,
  call: () => undefined,
};
