/** The applicant tracking systems we know. */
export const ATS_KINDS = ['greenhouse', 'lever'] as const;
export type AtsKind = (typeof ATS_KINDS)[number];

/** How each is called on screens and in notes. */
export const ATS_NAMES: Record<AtsKind, string> = { greenhouse: 'Greenhouse', lever: 'Lever' };
