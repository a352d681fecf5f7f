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

/** What can be told a vendor about a candidate, each in a word of the vendor's that an admin chooses. */
export const OUTCOME_NAMES = [
  'pending',
  'advanced',
  'rejected',
  'withdrew',
  'offer extended',
  'offer accepted',
  'offer declined',
] as const;
export type OutcomeName = (typeof OUTCOME_NAMES)[number];

/** The one name of an outcome: an offer says more than the step before it. Null where it does not apply. */
export function outcomeNameOf({ nextStep, offerStatus }: Outcome): OutcomeName | null {
  if (nextStep === 'rejected' || nextStep === 'withdrew') return nextStep;
  if (offerStatus !== 'none' && offerStatus !== 'not applicable') return `offer ${offerStatus}`;
  return nextStep === 'not applicable' ? null : nextStep;
}

/** What an admin may say that a disposition reason means. */
export const DISPOSITION_MEANINGS = ['rejected', 'withdrew', 'accepted', 'declined', 'not applicable'] as const;
export type DispositionMeaning = (typeof DISPOSITION_MEANINGS)[number];
