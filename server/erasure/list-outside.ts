import type { Traces } from './find-traces.ts';
import type { AtsWriteKind } from './gone-there.ts';
import { STANDINGS, standingAtVendor, type VendorFacts } from './standing-at-vendor.ts';

export const OUTSIDE_CODES = [
  'ats-notes',
  'ats-tags',
  'ats-fields',
  'ats-links',
  'ats-reports',
  'ats-feedback',
  'ats-gone',
  'ats-removed',
  'vendor-cancelled',
  'vendor-open',
  'vendor-perhaps',
  'vendor-keeps',
  'vendor-removed',
  'mails',
  'hooks',
  'perhaps',
  'under-way',
  'backups',
] as const;
export type OutsideCode = (typeof OUTSIDE_CODES)[number];
export interface Outside {
  code: OutsideCode;
  values: Record<string, string>;
}

const AT_THE_ATS: readonly { kind: AtsWriteKind; code: OutsideCode }[] = [
  { kind: 'write-note', code: 'ats-notes' },
  { kind: 'add-tag', code: 'ats-tags' },
  { kind: 'write-fields', code: 'ats-fields' },
  { kind: 'add-link', code: 'ats-links' },
  { kind: 'attach-report', code: 'ats-reports' },
  { kind: 'write-feedback', code: 'ats-feedback' },
];

/** What is known of the systems outside. */
export interface OutsideFacts {
  atsName: string;
  /** Its connection was removed. */
  isAtsRemoved: boolean;
  /** What of ours went with what the ATS deleted. */
  goneThere: ReadonlySet<AtsWriteKind>;
  /** By vendor connection. */
  vendors: ReadonlyMap<string, VendorFacts & { isRemoved: boolean }>;
  /** Calls whose end nobody waited for. */
  underWay: number;
}

/** What of somebody lies where we cannot erase it, and what was done about it: codes and counts, nothing of theirs. Pure. */
export function listOutside({ asked, invited }: Pick<Traces, 'asked' | 'invited'>, facts: OutsideFacts): Outside[] {
  // What was sent and never answered may well be there, also while it still waits to be looked for.
  const out = asked.filter((effect) => effect.state === 'done' || isUnanswered(effect));
  const told: Outside[] = [];
  const tell = (code: OutsideCode, count: number, values: Record<string, string> = {}) => {
    if (count > 0) told.push({ code, values: { ...values, count: String(count) } });
  };
  const ats = { ats: facts.atsName };
  const written = AT_THE_ATS.map(({ kind, code }) => ({ kind, code, effects: out.filter((effect) => effect.kind === kind) }));
  const gone = written.filter(({ kind }) => facts.goneThere.has(kind)).flatMap(({ effects }) => effects);
  tell('ats-gone', gone.length, ats);
  const stays = written.filter(({ kind }) => !facts.goneThere.has(kind));
  for (const { code, effects } of stays) tell(code, effects.length, ats);
  if (facts.isAtsRemoved && stays.some(({ effects }) => effects.length > 0)) told.push({ code: 'ats-removed', values: ats });
  for (const [id, vendor] of facts.vendors) {
    const standings = invited
      .filter(({ vendorConnectionId }) => vendorConnectionId === id)
      .map((row) => standingAtVendor(row, asked, vendor));
    const at = { vendor: vendor.name };
    // Nobody can ask there any more how they stand, not even whether one is cancelled.
    if (vendor.isRemoved) tell('vendor-removed', standings.filter((standing) => standing !== null).length, at);
    else for (const code of STANDINGS) tell(code, standings.filter((standing) => standing === code).length, at);
  }
  const mails = out.filter((effect) => isMailOfOurs(effect, invited));
  tell('mails', mails.length);
  const hooks = out.filter(({ kind }) => kind === 'call-hook');
  tell('hooks', hooks.length);
  tell('perhaps', [...written.flatMap(({ effects }) => effects), ...mails, ...hooks].filter(isUnanswered).length);
  tell('under-way', facts.underWay);
  return [...told, { code: 'backups', values: {} }];
}

type Asked = Traces['asked'][number];

function isUnanswered({ state }: Pick<Asked, 'state'>): boolean {
  return state === 'unconfirmed' || state === 'calling';
}

/** Reminders are always ours; the invitation, also once more, where the vendor does not send it. */
function isMailOfOurs({ kind, invitationId }: Pick<Asked, 'kind' | 'invitationId'>, invited: Traces['invited']): boolean {
  if (kind === 'remind-candidate') return true;
  if (kind !== 'send-invitation' && kind !== 'resend-invitation') return false;
  return invited.find(({ id }) => id === invitationId)?.handover === 'our e-mail';
}
