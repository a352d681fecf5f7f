import type { CallResult } from '../../outbound/outcome.ts';
import type { AtsOperations } from '../operations.ts';
import type { AtsDispositionReason, AtsStage } from '../port.ts';
import { advance } from './advance.ts';
import { hire, reject, unreject } from './archive.ts';
import type { LeverClient } from './client.ts';
import { readContact } from './contacts.ts';
import { findDeletedSince } from './deleted.ts';
import { findFeedback, listFeedbackForms, writeFeedback } from './feedback.ts';
import { attachFile, findFile } from './files.ts';
import { addLink, removeLink } from './links.ts';
import { listUsers } from './list-users.ts';
import { deleteNote, updateNote } from './own-notes.ts';
import { listJobs } from './postings.ts';

export interface LeverOperationsMeans {
  client: LeverClient;
  /** The connection's own user; empty for none. */
  performAs: string;
  /** As Lever lists them, or as they were kept. */
  listStages(): Promise<CallResult<AtsStage[]>>;
  keptReasons(): Promise<readonly AtsDispositionReason[]>;
}

/**
 * What Lever can do beyond the main job. Left out: openings and job posts (Lever has none), custom fields (none on an opportunity),
 * and the transfer to another posting, which its API does not document.
 */
export function createLeverOperations(means: LeverOperationsMeans): AtsOperations {
  const { client, performAs } = means;
  return {
    listUsers: () => listUsers(client),
    listJobs: () => listJobs(client),
    updateNote: (target, note) => updateNote(client, target, note),
    deleteNote: (target, noteId) => deleteNote(client, target, noteId),
    findFile: (target, fileName) => findFile(client, target, fileName),
    attachFile: (target, file) => attachFile(client, target, performAs, file),
    addLink: (target, url) => addLink(client, target, url),
    removeLink: (target, url) => removeLink(client, target, url),
    listFeedbackForms: () => listFeedbackForms(client),
    findFeedback: (target, reference) => findFeedback(client, target, reference),
    writeFeedback: (target, feedback) => writeFeedback(client, target, performAs, feedback),
    advance: async (target, move) => advance(client, await means.listStages(), target, move),
    reject: (target, { reasonId }) => reject(means, target, reasonId),
    unreject: (target) => unreject(means, target),
    hire: (target, { reasonId }) => hire(means, target, reasonId),
    readContact: (contactId) => readContact(client, contactId),
    findDeletedSince: findDeletedSince(client),
  };
}
