import type { AssessmentView } from '../../lib/contract/settings.ts';
import type { Assessment } from '../../lib/domain/assessment.ts';
import { say } from '../say.ts';
import type { ConnectionRow } from '../storage/connections.repository.ts';
import type { VendorAdapter } from '../vendors/port.ts';

export interface AssessmentSurroundings {
  /** Null: the vendor's connection was deleted. */
  connection: ConnectionRow | null;
  /** The vendor as it is set up now, or why it cannot be used. */
  vendor: { ok: true; adapter: Pick<VendorAdapter, 'capabilities'> } | { ok: false; message: string } | null;
  mailIsSetUp: boolean;
}

/** An assessment as an admin sees it, with what keeps it from being sent as sentences. */
export function toAssessmentView({ vendor: _, ...assessment }: Assessment, around: AssessmentSurroundings): AssessmentView {
  const vendorName = around.connection?.name ?? '';
  return {
    ...assessment,
    vendorName,
    remindDays: assessment.remindDays ?? [],
    troubles: assessment.archived ? [] : troublesOf(assessment, around),
  };
}

type Needed = Pick<Assessment, 'linkTemplate' | 'handover'>;

function troublesOf({ linkTemplate, handover }: Needed, { connection, vendor, mailIsSetUp }: AssessmentSurroundings): string[] {
  const byLink = vendor?.ok && vendor.adapter.capabilities.invite === 'link';
  return [
    ...(vendor && !vendor.ok ? [vendor.message] : []),
    ...(connection && !connection.enabled ? [say('error.connection-off', { connection: connection.name })] : []),
    ...(byLink && linkTemplate === null ? [say('server.link-missing')] : []),
    ...(byLink && handover === 'vendor e-mail' ? [say('server.vendor-cannot-mail')] : []),
    ...(byLink && handover === 'our e-mail' && !mailIsSetUp ? [say('server.mail-missing')] : []),
  ];
}
