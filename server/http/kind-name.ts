import { type ConnectionKind, type ConnectionSettings, vendorNameOf } from '../../lib/contract/settings.ts';
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

/** The same for one connection, which may go by a name of its own. */
export function connectionName(settings: ConnectionSettings): string {
  return vendorNameOf(settings) ?? kindName(settings.kind);
}
