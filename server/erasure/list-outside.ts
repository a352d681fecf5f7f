import type { EffectKind } from '../workflow/effect.ts';
import type { Traces } from './find-traces.ts';
import type { InvitationRow } from './named-by.ts';

export const OUTSIDE_CODES = [
  'ats-notes',
  'ats-tags',
  'ats-fields',
  'ats-links',
  'ats-reports',
  'ats-feedback',
  'ats-gone',
  'vendor-cancelled',
  'vendor-open',
  'vendor-keeps',
  'mails',
  'hooks',
  'under-way',
  'backups',
] as const;
export type OutsideCode = (typeof OUTSIDE_CODES)[number];
export interface Outside {
  code: OutsideCode;
  values: Record<string, string>;
}

const AT_THE_ATS: Partial<Record<EffectKind, OutsideCode>> = {
  'write-note': 'ats-notes',
  'add-tag': 'ats-tags',
  'write-fields': 'ats-fields',
  'add-link': 'ats-links',
  'attach-report': 'ats-reports',
  'write-feedback': 'ats-feedback',
};

/** What is known of the systems outside. */
export interface OutsideFacts {
  atsName: string;
  /** The ATS deleted the application, and what we wrote on it went with that. */
  isGoneThere: boolean;
  /** By vendor connection: its name, and whether it can take an invitation back. */
  vendors: ReadonlyMap<string, { name: string; cancels: boolean }>;
  /** Calls whose end nobody waited for. */
  underWay: number;
}

/** What of somebody lies where we cannot erase it, and what was done about it: codes and counts, nothing of theirs. Pure. */
export function listOutside({ asked, invited }: Pick<Traces, 'asked' | 'invited'>, facts: OutsideFacts): Outside[] {
  const done = asked.filter(({ state }) => state === 'done');
  // What was sent and never answered may well be there.
  const perhaps = asked.filter(({ state }) => state === 'done' || state === 'unconfirmed');
  const told: Outside[] = [];
  const tell = (code: OutsideCode, count: number, values: Record<string, string> = {}) => {
    if (count > 0) told.push({ code, values: { ...values, count: String(count) } });
  };
  const written = perhaps.filter(({ kind }) => AT_THE_ATS[kind] !== undefined);
  const ats = { ats: facts.atsName };
  if (facts.isGoneThere) tell('ats-gone', written.length, ats);
  else
    for (const [kind, code] of Object.entries(AT_THE_ATS))
      tell(code, written.filter((effect) => effect.kind === kind).length, ats);
  for (const [id, { name, cancels }] of facts.vendors) {
    const there = invited.filter(({ vendorConnectionId }) => vendorConnectionId === id);
    const how = (wanted: OutsideCode) => there.filter((row) => standingOf(row, cancels) === wanted).length;
    for (const code of ['vendor-cancelled', 'vendor-open', 'vendor-keeps'] as const) tell(code, how(code), { vendor: name });
  }
  const mails = done.filter(({ kind, invitationId }) => {
    const handover = invited.find(({ id }) => id === invitationId)?.handover;
    return kind === 'remind-candidate' || (kind === 'send-invitation' && handover === 'our e-mail');
  });
  tell('mails', mails.length);
  tell('hooks', perhaps.filter(({ kind }) => kind === 'call-hook').length);
  tell('under-way', facts.underWay);
  return [...told, { code: 'backups', values: {} }];
}

/** Null for what never reached the vendor. */
function standingOf({ state, sentAt }: InvitationRow, cancels: boolean): OutsideCode | null {
  switch (state) {
    case 'held':
    case 'undone':
      return null;
    case 'failed':
      return sentAt ? 'vendor-keeps' : null;
    case 'cancelled':
      return cancels ? 'vendor-cancelled' : 'vendor-open';
    case 'scored':
    case 'expired':
      return 'vendor-keeps';
    default:
      return 'vendor-open';
  }
}
