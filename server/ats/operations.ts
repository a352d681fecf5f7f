import type { CallResult } from '../outbound/outcome.ts';
import type { WriteTarget } from './port.ts';

/**
 * What an ATS can do beyond the main job. An adapter leaves out what its ATS or its kind of credential cannot do at all; a right that
 * is only missing today is answered `forbidden`. The promises of `AtsAdapter` hold here too: nothing throws, ids are text, writes
 * answer only that they happened.
 */
export interface AtsOperations {
  /** Everybody who can sign in at the ATS, also deactivated ones; no service accounts. */
  listUsers?(): Promise<CallResult<AtsUser[]>>;

  listJobs?(): Promise<CallResult<AtsJob[]>>;
  /** Openings of one job, also closed ones. */
  listOpenings?(jobId: string): Promise<CallResult<AtsOpening[]>>;
  listJobPosts?(jobId: string): Promise<CallResult<AtsJobPost[]>>;

  /** Custom fields in which something may be written. */
  listFields?(): Promise<CallResult<AtsField[]>>;
  /** Safe to repeat: sets, and null empties. Fields that are not named stay as they are. */
  writeFields?(target: WriteTarget, values: readonly FieldValue[]): Promise<CallResult<void>>;

  /** Safe to repeat. Replaces the text of a note that this credential wrote; `refused` or `not-found` for others. */
  updateNote?(target: WriteTarget, note: { noteId: string; text: string }): Promise<CallResult<void>>;
  /** Safe to repeat: a note that is gone counts as deleted. */
  deleteNote?(target: WriteTarget, noteId: string): Promise<CallResult<void>>;

  /** Names of the files at the application: what to look at before `attachFile`. `cannot-look` where the credential may not. */
  findFile?(target: WriteTarget, fileName: string): Promise<CallResult<'found' | 'absent' | 'cannot-look'>>;
  /** NOT safe to repeat: call `findFile` first; the name is ours and used once. */
  attachFile?(target: WriteTarget, file: AtsFile): Promise<CallResult<{ fileId: string | null }>>;

  /** Safe to repeat. Links of a person are shared by all their applications (Lever). */
  addLink?(target: WriteTarget, url: string): Promise<CallResult<void>>;
  /** Safe to repeat. */
  removeLink?(target: WriteTarget, url: string): Promise<CallResult<void>>;

  listFeedbackForms?(): Promise<CallResult<AtsFeedbackForm[]>>;
  /** Whether a form of ours with this reference is there: NOT safe to write twice. */
  findFeedback?(target: WriteTarget, reference: string): Promise<CallResult<'found' | 'absent' | 'cannot-look'>>;
  /** NOT safe to repeat: call `findFeedback` first; the reference stands in one of the texts. */
  writeFeedback?(target: WriteTarget, feedback: AtsFeedback): Promise<CallResult<{ feedbackId: string | null }>>;

  /** To the next stage of its job, only while it still is in `fromStageId`. Look first: a second call would move it once more. */
  advance?(target: WriteTarget, move: { fromStageId: string }): Promise<CallResult<void>>;
  /** To another job; it lands in that job's first stage. Already there counts as done. */
  transfer?(target: WriteTarget, move: { fromStageId: string; toJobId: string }): Promise<CallResult<void>>;
  /**
   * Rejects or archives with a reason. Already rejected or archived for that reason counts as done. `note` goes along where the ATS keeps
   * words with a rejection; Lever does not, so there it is to be written as a note.
   */
  reject?(target: WriteTarget, rejection: { reasonId: string; note: string | null }): Promise<CallResult<void>>;
  /** Takes a rejection or archiving back. Already active counts as done. */
  unreject?(target: WriteTarget): Promise<CallResult<void>>;
  /** Already hired counts as done. `reasonId`: the archive reason of type hired that Lever wants; Greenhouse takes an opening. */
  hire?(
    target: WriteTarget,
    hire: { openingId: string | null; reasonId: string | null; startsAt: string | null },
  ): Promise<CallResult<void>>;

  /** The person behind an application, where that is a record of its own. */
  readContact?(contactId: string): Promise<CallResult<AtsContact>>;
  /** Applications that the ATS itself lists as deleted at or after `since`, and at or before `until`: its word, not mere absence. */
  findDeletedSince?(since: Date, until?: Date | null): AsyncIterable<CallResult<DeletedApplication>>;
}

export interface AtsUser {
  userId: string;
  name: string | null;
  /** Lower case. */
  emails: string[];
  active: boolean;
  /** `all`: sees every candidate (Greenhouse Site Admin, Lever Admin and Team Member). `limited`: only some. `unknown`: a custom role. */
  sees: 'all' | 'limited' | 'unknown';
  /** The ATS's own word for the role, as its pages show it. */
  roleName: string | null;
}

export interface AtsJob {
  jobId: string;
  name: string | null;
  status: 'open' | 'closed' | 'draft' | 'unknown';
  confidential: boolean;
}

export interface AtsOpening {
  openingId: string;
  /** The text by which people know it; Greenhouse lets it be empty. */
  name: string | null;
  open: boolean;
}

export interface AtsJobPost {
  jobPostId: string;
  title: string | null;
  live: boolean;
}

export interface AtsField {
  fieldId: string;
  name: string;
  /** Where it belongs: the application or the person. */
  on: 'application' | 'candidate';
  type: 'text' | 'number' | 'choice' | 'yes-no' | 'link' | 'other';
  /** For `choice`: what may be chosen. */
  choices: { choiceId: string; name: string }[];
}

export interface FieldValue {
  fieldId: string;
  on: 'application' | 'candidate';
  value: string | number | boolean | null;
}

export interface AtsFile {
  name: string;
  contentType: 'application/pdf';
  bytes: Uint8Array;
}

export interface AtsFeedbackForm {
  formId: string;
  name: string;
  /** The one field that takes the overall score; its options in the ATS's own words, worst first where the ATS tells. */
  scoreField: { fieldId: string; options: string[] } | null;
  textFields: { fieldId: string; name: string }[];
}

export interface AtsFeedback {
  formId: string;
  /** The ATS user who is named as its author; the ATS asks for one. */
  authorUserId: string;
  /** One of the form's own options, to the letter. */
  score: string | null;
  text: string;
  reference: string;
}

export interface AtsContact {
  contactId: string;
  name: string | null;
  emails: string[];
  anonymised: boolean;
}

export interface DeletedApplication {
  applicationId: string;
  deletedAt: string | null;
}
