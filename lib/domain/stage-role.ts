/** What a stage means to us: send here, the interviews after it, the offer. */
export const STAGE_ROLES = ['assessment', 'onsite', 'offer'] as const;
export type StageRole = (typeof STAGE_ROLES)[number];
