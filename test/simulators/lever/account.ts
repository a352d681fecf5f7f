import { createOauth, type LeverOauth } from './oauth/types.ts';
import type {
  LeverApiKey,
  LeverArchiveReason,
  LeverContact,
  LeverDeletedOpportunity,
  LeverEvent,
  LeverFeedback,
  LeverFeedbackTemplate,
  LeverFile,
  LeverInterview,
  LeverNote,
  LeverOpportunity,
  LeverPosting,
  LeverStage,
  LeverUser,
  LeverWebhook,
} from './types.ts';

/** Everything one Lever account holds, in memory. */
export interface LeverAccount {
  keys: LeverApiKey[];
  oauth: LeverOauth;
  users: Map<string, LeverUser>;
  /** In pipeline order: the index is the rank. */
  stages: LeverStage[];
  archiveReasons: Map<string, LeverArchiveReason>;
  postings: Map<string, LeverPosting>;
  contacts: Map<string, LeverContact>;
  opportunities: Map<string, LeverOpportunity>;
  deleted: LeverDeletedOpportunity[];
  notes: Map<string, LeverNote>;
  interviews: Map<string, LeverInterview>;
  webhooks: Map<string, LeverWebhook>;
  /** Event groups that a Super Admin has switched on. Nothing is sent for the others. */
  eventsOn: Set<LeverEvent>;
  feedbackTemplates: Map<string, LeverFeedbackTemplate>;
  feedback: Map<string, LeverFeedback>;
  files: Map<string, LeverFile>;
}

/** A new account has Lever's built-in stages, whose ids are words, and nothing else. */
export function createAccount(): LeverAccount {
  return {
    keys: [],
    oauth: createOauth(),
    users: new Map(),
    stages: [
      { id: 'lead-new', text: 'New lead' },
      { id: 'lead-reached-out', text: 'Reached out' },
      { id: 'lead-responded', text: 'Responded' },
      { id: 'applicant-new', text: 'New applicant' },
      { id: 'offer', text: 'Offer' },
    ],
    archiveReasons: new Map(),
    postings: new Map(),
    contacts: new Map(),
    opportunities: new Map(),
    deleted: [],
    notes: new Map(),
    interviews: new Map(),
    webhooks: new Map(),
    eventsOn: new Set(),
    feedbackTemplates: new Map(),
    feedback: new Map(),
    files: new Map(),
  };
}
