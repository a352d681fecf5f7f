import type { ConnectionKind } from '../../lib/contract/settings.ts';
import type { AtsDoctor } from '../ats/doctor.ts';
import type { AtsField } from '../ats/operations.ts';
import type { AtsAdapter, AtsConsent, AtsSetUp } from '../ats/port.ts';
import type { OpenedConnection } from '../ats/registry.ts';
import type { Connector } from '../jobs/connector.ts';
import type { CallResult } from '../outbound/outcome.ts';
import type { VendorAdapter } from '../vendors/port.ts';
import type { WebhookEventKind } from './webhook-view.ts';

/** What the admin routes need of the adapters; they never see a registry. */
export interface HttpParts {
  /** The adapter of a connection, also of one that is switched off: "check" proves it before it is switched on. */
  connectAts(connectionId: string): Promise<AtsAdapter>;
  connectVendor(connectionId: string): Promise<VendorAdapter>;
  /** The same without throwing, for what may wait until the ATS can be reached. */
  connector: Pick<Connector, 'ats'>;
  /** Proves settings and credentials that are not stored yet with one cheap read. Stores nothing but a token that it was given. */
  tryAts(connection: OpenedConnection): Promise<CallResult<unknown>>;
  /** The fields that these settings could write into; a failure where there are none to list. */
  tryFields(connection: OpenedConnection): Promise<CallResult<AtsField[]>>;
  /** What stages and reasons are read with while the connection is set up. */
  connectSetUp(connectionId: string): Promise<AtsSetUp>;
  /** How somebody at the ATS gives consent, for connections by OAuth. */
  connectConsent(connectionId: string): Promise<AtsConsent>;
  /** What looks into the rights of a connection. */
  connectDoctor(connectionId: string): Promise<AtsDoctor>;
  /** The webhooks that this kind of ATS or vendor can send; each gets an address of its own. */
  webhookEventsOf(kind: ConnectionKind): readonly WebhookEventKind[];
}
