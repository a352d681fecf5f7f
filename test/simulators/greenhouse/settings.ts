/** What the facts leave open, or what a company may have set differently. All can be changed while the simulator runs. */
export interface GreenhouseSettings {
  /** Which id `from_stage_id` of a move means: the row of `application_stages`, or the definition. Unresolved in the public documents. */
  fromStageId: 'application-stage' | 'job-stage';
  /** Coming back to a stage: its row's `entered_at` is overwritten, or a second row appears. */
  reentry: 'overwrite' | 'new-row';
  /** A new token of a client revokes its earlier one. */
  singleToken: boolean;
  tokenExpiry: 'expires_at' | 'expires_in' | 'both';
  tokenLifetimeSeconds: number;
  /** Calls per window and client. 75 is the documents' sample value. */
  rateLimit: number;
  rateWindowSeconds: number;
  /** Token requests per 60 seconds and client. Inferred: only the window is documented. */
  tokenRateLimit: number;
  /** Moves, rejections and the like made through the API send webhooks too. */
  apiSendsWebhooks: boolean;
  /** Whether a hire through the API sends hire_candidate, which the documents tie to accepted offers. Unresolved there. */
  apiHireSendsWebhook: boolean;
  /** What a transfer to another job is announced as. Inferred: not documented. */
  transferSends: 'candidate_stage_change' | 'application_updated';
  webhooks: 'deliver' | 'drop' | 'hold';
  /** The stray space that one documented payload url has: "?application_id= 265277". */
  strayUrlSpace: boolean;
  eventIdOnRetry: 'same' | 'new';
  /** How much of the jitter that is documented (up to 30 s for each attempt made) the next wait has: 0 to 1. */
  retryJitter: number;
  /** How the answer of POST /v3/notes spells the visibility; sources disagree. */
  noteVisibilityAnswer: 'read' | 'written';
  /** Seen live: a rejected application keeps its stage. The documents say null. */
  rejectedStage: 'kept' | 'null';
  /** PATCH /v3/candidates may answer asynchronously, with a message. */
  candidateUpdateAnswer: 'candidate' | 'message';
  /** v1's activity feed has sentences for people; empty: as in a company whose wording nobody can read. */
  v1ActivityTexts: 'sentences' | 'empty';
  /** Previous and next on the redesigned profile. */
  navigation: 'push-state' | 'load';
}

export const DEFAULT_SETTINGS: GreenhouseSettings = {
  fromStageId: 'application-stage',
  reentry: 'overwrite',
  singleToken: true,
  tokenExpiry: 'expires_at',
  tokenLifetimeSeconds: 3600,
  rateLimit: 75,
  rateWindowSeconds: 30,
  tokenRateLimit: 60,
  apiSendsWebhooks: true,
  apiHireSendsWebhook: true,
  transferSends: 'candidate_stage_change',
  webhooks: 'deliver',
  strayUrlSpace: true,
  eventIdOnRetry: 'same',
  retryJitter: 0,
  noteVisibilityAnswer: 'read',
  rejectedStage: 'kept',
  candidateUpdateAnswer: 'candidate',
  v1ActivityTexts: 'sentences',
  navigation: 'push-state',
};
