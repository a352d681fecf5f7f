/** What the simulated Coderbyte organisation holds. */

export const OPERATIONS = ['candidate_joined', 'assessment_completed', 'scorecard_updated', 'interview_completed'] as const;
export type CoderbyteOperation = (typeof OPERATIONS)[number];

export interface CoderbyteAssessment {
  /** A slug with a random tail, as in "angular-assessment-9six08om28556"; of a live interview the room, as in "w246Ri1UP". */
  id: string;
  name: string;
  /** The words are an invention of this simulator: no list of Coderbyte's is public. */
  type: 'test' | 'take-home project' | 'live interview';
  minutes: number | null;
  archived: boolean;
}

/** What the candidate did; scores of 0 to 100, challenges of 0 to 10. */
export interface CoderbyteWork {
  codeScore: number;
  mcScore: number;
  /** Authoritative: no formula leads from the other two to it. */
  finalScore: number;
  cheated: boolean;
  minutes: number | null;
  challenges: { title: string; language: string; score: number }[];
  multipleChoice: { question: string; correct: boolean }[];
  openEnded: { question: string; answer: string }[];
}

interface CoderbyteReview {
  recommendation: 'thumb_up' | 'thumb_down' | null;
  comment: string;
  admin: string;
  /** Skill to whole number. */
  scorecard: Record<string, number>;
}

/** One person at one assessment. `processing`: finished, the report is not ready. */
export interface CoderbyteInvitation {
  /** Short hex, as in "c90af3". Appears in reports only, never in a webhook. */
  id: string;
  assessmentId: string;
  /** As it was written; people are told apart in lower case. */
  email: string;
  name: string | null;
  /** What the caller of the API wants to be told again. */
  reference: string | null;
  /** The secret in the candidate's link. */
  key: string;
  /** Coderbyte's generated user name, part of the report's address. */
  username: string;
  /** For live interviews only, as in "w246Ri1UP". */
  interviewId: string | null;
  via: 'api' | 'person' | 'link';
  state: 'invited' | 'joined' | 'processing' | 'completed' | 'cancelled' | 'expired';
  expiresAt: string | null;
  invitedAt: Date;
  joinedAt: Date | null;
  completedAt: Date | null;
  timeExpired: boolean;
  work: CoderbyteWork | null;
  review: CoderbyteReview;
}
