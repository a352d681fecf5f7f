/** What the simulated partner holds. */

export interface PartnerTest {
  id: string;
  name: string;
  archived: boolean;
}

type Primitive = string | number | boolean | null;

/** One candidate at one test: the "partner interview". */
export interface PartnerInterview {
  /** Digits, so that it can be told as a number. */
  id: string;
  testId: string;
  /** In the candidate's link. */
  key: string;
  candidate: { firstName: string; lastName: string; preferredName: string | null; email: string; profileUrl: string };
  sentBy: string | null;
  /** Where completion is to be told. */
  callbackUrl: string | null;
  state: 'sent' | 'started' | 'submitted' | 'complete' | 'expired' | 'declined' | 'cancelled';
  score: number | null;
  metadata: Record<string, Primitive>;
  sentAt: Date;
  startedAt: Date | null;
  completedAt: Date | null;
}
