import type { AtsAdapter } from '../ats/port.ts';
import type { CallResult } from '../outbound/outcome.ts';
import type { VendorAdapter } from '../vendors/port.ts';

/** Adapters by connection, made in build.ts from what is stored. `misconfigured` when the connection is off, gone or lacks a credential. */
export interface Connector {
  ats(connectionId: string): Promise<CallResult<AtsAdapter>>;
  vendor(connectionId: string): Promise<CallResult<VendorAdapter>>;
}
