import type { ConnectionKind } from '../../lib/contract/settings.ts';
import { VENDOR_NAMES } from '../../lib/domain/assessment.ts';
import { ATS_KINDS, ATS_NAMES } from '../../lib/domain/ats.ts';

const NAMES: Record<ConnectionKind, string> = { ...ATS_NAMES, ...VENDOR_NAMES };

/** How people call this ATS or vendor. */
export function kindName(kind: ConnectionKind): string {
  return NAMES[kind];
}

export function sideOf(kind: ConnectionKind): 'ats' | 'vendor' {
  return ATS_KINDS.some((ats) => ats === kind) ? 'ats' : 'vendor';
}
