import type { EndpointName } from '../../lib/contract/settings.ts';
import type { CallFailure } from '../outbound/outcome.ts';
import type { VendorReport } from './port.ts';

/** Which endpoint to try, and with what in its gaps. */
export interface TrialWish {
  endpoint: EndpointName;
  values: { assessmentId?: string | undefined; email?: string | undefined; externalId?: string | undefined };
}

export interface TriedField {
  field: string;
  /** Shortened; a number of entries where it is a list. Null when nothing was found. */
  value: string | { entries: number } | null;
  /** Where it stood in the answer. */
  from: string | null;
}

/**
 * What came of trying an endpoint. `shown`: it writes, so nothing was sent. `refused`: it could not be sent, or the answer was of no use;
 * `fields` then help to see why. An answer about somebody else shows nothing of it.
 */
export type Trial = { request: { method: string; url: string; header: string; body?: unknown } | null; fields: TriedField[] } & (
  | { kind: 'shown' }
  | { kind: 'list'; status: number; count: number; rows: number }
  | { kind: 'report'; status: number; state: VendorReport['state'] }
  | { kind: 'refused'; sent: boolean; status: number | null; failure: CallFailure }
);

/** For vendors whose paths an admin enters. */
export interface EndpointTrial {
  /** Reads are carried out, writes are only shown. Never throws. */
  tryEndpoint(wish: TrialWish): Promise<Trial>;
}
