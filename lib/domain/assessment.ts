import type { AssessmentId, ConnectionId } from './ids.ts';

/** The assessment vendors we know. */
export const VENDOR_KINDS = ['coderbyte', 'byteboard', 'partner', 'hackerrank', 'codesignal'] as const;
export type VendorKind = (typeof VENDOR_KINDS)[number];

export const VENDOR_NAMES: Record<VendorKind, string> = {
  coderbyte: 'Coderbyte',
  byteboard: 'Byteboard',
  partner: 'Assessment partner',
  hackerrank: 'HackerRank',
  codesignal: 'CodeSignal',
};

/** Growhire is Coderbyte's recruiting automation platform: its own name for the same. https://help.growhire.com */
export const CODERBYTE_BRANDS = ['coderbyte', 'growhire'] as const;
export const BRAND_NAMES: Record<(typeof CODERBYTE_BRANDS)[number], string> = { coderbyte: 'Coderbyte', growhire: 'Growhire' };

export const ASSESSMENT_KINDS = ['test', 'take-home project', 'live interview'] as const;
export type AssessmentKind = (typeof ASSESSMENT_KINDS)[number];

/** What the vendor says of it. Only `active` ones are offered in the picker; `gone`: no longer in the vendor's list. */
export const CATALOGUE_STATES = ['active', 'draft', 'locked', 'archived', 'gone'] as const;
export type CatalogueState = (typeof CATALOGUE_STATES)[number];

/** Something a vendor offers, under the tag that names it in the ATS. */
export interface Assessment {
  id: AssessmentId;
  vendorConnectionId: ConnectionId;
  vendor: VendorKind;
  /** How this company calls the vendor, where it goes by several names. */
  vendorName?: string;
  /** The vendor's own id; for link vendors a name of ours. */
  externalId: string;
  name: string;
  kind: AssessmentKind;
  durationMinutes: number | null;
  /** The text that names it in the ATS. Case matters there, not for us: see sameTag. */
  tag: string;
  /** Passed when the score reaches it, in the result's own unit (percent where the result has a maximum). Null: no mark. */
  passMark: number | null;
  deadlineDays: number;
  /** Days before the deadline on which we remind the candidate, where the vendor does not. */
  remindDays?: number[];
  /** For assessments that are sent as a link. `{email}`, `{name}` and `{invitation}` are filled in. */
  linkTemplate: string | null;
  /** Who hands the link over: our e-mail, the vendor's e-mail, or the recruiter who copies it. */
  handover: 'vendor e-mail' | 'our e-mail' | 'copy link';
  archived: boolean;
  /** What the vendor says of it, as last listed; null or left out where it says nothing. */
  catalogueState?: CatalogueState | null;
}

/** Whether the vendor is known to take no new invitation to it. */
export function isOffered({ catalogueState = null }: Pick<Assessment, 'catalogueState'>): boolean {
  return catalogueState === null || catalogueState === 'active';
}

export function vendorNameOfAssessment({ vendor, vendorName }: Pick<Assessment, 'vendor' | 'vendorName'>): string {
  return vendorName ?? VENDOR_NAMES[vendor];
}

/** Tags are compared as people read them: without regard to case and outer blanks. */
export function sameTag(a: string, b: string): boolean {
  return a.trim().toLocaleLowerCase('en') === b.trim().toLocaleLowerCase('en');
}
