import { type Assessment, VENDOR_NAMES } from '../../lib/domain/assessment.ts';
import { say } from '../say.ts';
import type { VendorAdapter } from '../vendors/port.ts';

/** Why it cannot be handed over as chosen, and what to choose instead. For what `canHandOver` denies. */
export function handoverWords(
  { handover, kind }: Pick<Assessment, 'handover' | 'kind'>,
  { kind: vendor, capabilities }: Pick<VendorAdapter, 'kind' | 'capabilities'>,
): string {
  if (handover !== 'vendor e-mail') return say('server.vendor-mails-itself');
  // It writes e-mails, only not for these.
  const isForOthers = capabilities.emailedBy.includes('vendor');
  return isForOthers && kind === 'live interview'
    ? say('server.interview-not-mailed', { vendor: VENDOR_NAMES[vendor] })
    : say('server.vendor-cannot-mail');
}
