import type { AtsKind } from '../domain/ats.ts';
import type { CandidateReference } from '../domain/candidate-reference.ts';

/** What the address of a page says about whom it shows. */
export type PageReading =
  | { kind: 'candidate'; reference: CandidateReference }
  /** Two people or two applications at once, or text where an id belongs: nothing is shown and nothing can be done there. */
  | { kind: 'contradiction'; ats: AtsKind }
  /** The page shows somebody, and only its document says whom. */
  | { kind: 'in-document'; ats: AtsKind; host: string }
  | { kind: 'nobody' };

export const NOBODY: PageReading = { kind: 'nobody' };
