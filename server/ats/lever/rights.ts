/**
 * The rights of Lever that Tagalong uses. https://hire.lever.co/developer/documentation#scopes
 * A consent names its scopes. A key tells nobody its rights, so each call is tried.
 */
import { type AtsRight, HELPS, helpsNeededFor, IDLE, neededFor, type RightNeed, type RightPurpose } from '../doctor.ts';
import { leverRightOf } from './right-of.ts';

/**
 * One call that a key may or may not make. `{opportunity}` in a path stands for an id. Writes are tried on the test candidate only:
 * `made` really, and taken back; `incomplete` without what they cannot do without, so that nothing can come of them.
 */
export interface LeverCall extends AtsRight {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: readonly string[];
  tried: 'read' | 'made' | 'incomplete';
}

const MOVE = 'PUT opportunities/{opportunity}/stage';
const NOTES = 'opportunities/{opportunity}/notes';

export const LIST_OPPORTUNITIES = call('GET opportunities', 'list-applications', HELPS);
export const ADD_TAG = call('POST opportunities/{opportunity}/addTags', 'add-tag', helpsNeededFor('tagging'), 'made');
export const CREATE_NOTE = call(`POST ${NOTES}`, 'write-note', 'always', 'made');
export const DELETE_NOTE = call(`DELETE ${NOTES}/{note}`, 'change-note', HELPS, 'made');

export const LEVER_CALLS: readonly LeverCall[] = [
  call('GET opportunities/{opportunity}', 'read-application', 'always'),
  LIST_OPPORTUNITIES,
  call('GET opportunities/deleted', 'end-reason', HELPS),
  CREATE_NOTE,
  call(`GET ${NOTES}`, 'find-note', HELPS),
  // Looked at before it is changed: a change would take away what colleagues wrote below it.
  call(`GET ${NOTES}/{note}`, 'change-note', HELPS),
  call(`PUT ${NOTES}/{note}`, 'change-note', HELPS, 'incomplete'),
  DELETE_NOTE,
  ADD_TAG,
  call(MOVE, 'move', helpsNeededFor('advance'), 'incomplete'),
  call('GET stages', 'stages', helpsNeededFor('set-up')),
  call('GET archive_reasons', 'reasons', helpsNeededFor('set-up')),
  call('GET postings/{posting}', 'postings', HELPS),
  call('GET users', 'users', helpsNeededFor('attribution')),
  call('GET opportunities/{opportunity}/files', 'find-file', neededFor('report-file')),
  call('POST opportunities/{opportunity}/files', 'attach-file', neededFor('report-file'), 'incomplete'),
  // Written with the same box as tags: it is no box more.
  call('POST opportunities/{opportunity}/addLinks', 'add-link', helpsNeededFor('report-link'), 'incomplete'),
  call('GET feedback_templates', 'feedback-forms', neededFor('feedback')),
  call('GET opportunities/{opportunity}/feedback', 'find-feedback', neededFor('feedback')),
  call('POST opportunities/{opportunity}/feedback', 'write-feedback', neededFor('feedback'), 'incomplete'),
  call('GET webhooks', 'webhooks', helpsNeededFor('managed-webhooks')),
  call('POST webhooks', 'webhooks', helpsNeededFor('managed-webhooks'), 'incomplete'),
];

/** Harmless reads that we never make, looked at because a key often holds too much: told only where they are granted. */
export const LEVER_EXTRAS: readonly LeverCall[] = [
  call('GET audit_events', 'nothing', IDLE),
  call('GET contacts/{contact}', 'nothing', IDLE),
  call('GET requisitions', 'nothing', IDLE),
  call('GET sources', 'nothing', IDLE),
  call('GET tags', 'nothing', IDLE),
];

/** The switch beside the boxes, which a key gets when it is made and never later. */
export const CONFIDENTIAL_BOX: AtsRight = { name: 'Allow access to confidential data', purpose: 'confidential', need: HELPS };

/**
 * By what a recruiter can do in the panel. Archiving is not among them: no harmless call proves it, so that nobody knows it to be
 * missing before Lever refuses, and then the refusal names it.
 */
export const CHANGE_RIGHTS = { advance: [call(MOVE, 'move', HELPS).name] };

/** `x:write:admin` holds `x:read:admin`, so that of the two only the wider one is asked for. */
export const LEVER_SCOPES: readonly AtsRight[] = [
  scope('offline_access', 'stay-connected', 'always'),
  scope('opportunities:write:admin', 'read-application', 'always'),
  scope('notes:write:admin', 'write-note', 'always'),
  scope('stages:read:admin', 'stages', 'always'),
  scope('archive_reasons:read:admin', 'reasons', 'always'),
  scope('postings:read:admin', 'postings', HELPS),
  scope('users:read:admin', 'users', helpsNeededFor('attribution')),
  scope('webhooks:write:admin', 'webhooks', helpsNeededFor('managed-webhooks')),
  scope('confidential:access:admin', 'confidential', HELPS),
  scope('files:write:admin', 'attach-file', neededFor('report-file')),
  scope('feedback_templates:read:admin', 'feedback-forms', neededFor('feedback')),
  scope('feedback:write:admin', 'write-feedback', neededFor('feedback')),
];

function scope(name: string, purpose: RightPurpose, need: RightNeed): AtsRight {
  return { name, purpose, need };
}

function call(line: string, purpose: RightPurpose, need: RightNeed, tried: LeverCall['tried'] = 'read'): LeverCall {
  const [method = 'GET', path = ''] = line.split(' ');
  const segments = path.split('/');
  const name = leverRightOf(method, segments)?.box ?? line;
  return { name, purpose, need, method: method as LeverCall['method'], path: segments, tried };
}
