import type { LeverEvent } from '../types.ts';

/** The body that Lever posts. Everything is in here; no header carries a signature. */
export interface LeverEnvelope {
  id?: string;
  event: LeverEvent;
  triggeredAt: number;
  token: string;
  signature?: string;
  data: Record<string, unknown>;
}

interface DeliveryAttempt {
  atMs: number;
  /** Null: no answer at all, `error` says why. */
  status: number | null;
  error: string | null;
}

export interface LeverDelivery {
  id: string;
  webhookId: string;
  event: LeverEvent;
  url: string;
  envelope: LeverEnvelope;
  state: 'held' | 'dropped' | 'sending' | 'delivered' | 'waiting' | 'given-up';
  attempts: DeliveryAttempt[];
  nextAttemptAtMs: number | null;
}
