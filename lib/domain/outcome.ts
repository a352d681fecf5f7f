/** The hiring result that is fed back for calibration. */
export const NEXT_STEPS = ['pending', 'advanced', 'rejected', 'withdrew', 'not applicable'] as const;
export type NextStep = (typeof NEXT_STEPS)[number];

export const OFFER_STATUSES = ['none', 'extended', 'accepted', 'declined', 'not applicable'] as const;
export type OfferStatus = (typeof OFFER_STATUSES)[number];

export interface Outcome {
  nextStep: NextStep;
  offerStatus: OfferStatus;
}

export const NO_OUTCOME: Outcome = { nextStep: 'pending', offerStatus: 'none' };

/** What an admin may say that a disposition reason means. */
export const DISPOSITION_MEANINGS = ['rejected', 'withdrew', 'accepted', 'declined', 'not applicable'] as const;
export type DispositionMeaning = (typeof DISPOSITION_MEANINGS)[number];
