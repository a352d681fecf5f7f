import { randomBytes } from 'node:crypto';
import type { Journal } from '../frame/journal.ts';
import type { CoderbyteSettings } from './settings.ts';
import type { CoderbyteAssessment, CoderbyteInvitation, CoderbyteOperation } from './types.ts';

/** `length` characters of a-z and 0-9. */
export type RandomText = (length: number) => string;

const CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
export const cryptoText: RandomText = (length) =>
  [...randomBytes(length)].map((byte) => CHARACTERS[byte % CHARACTERS.length]).join('');

/** Something was asked for that is not there; the API says 404, pages and orders say it in words. */
export class NotThere extends Error {}
/** Something cannot be done as things are. */
export class Refused extends Error {}

/** One Coderbyte organisation, and what every part of the simulator is given. */
export interface CoderbyteWorld {
  organizationId: string;
  /** Signs webhooks and opens the API; `rotateKey` changes both at once. */
  apiKey: string;
  settings: CoderbyteSettings;
  assessments: Map<string, CoderbyteAssessment>;
  /** Oldest first. */
  invitations: CoderbyteInvitation[];
  /** One address per event, as set in the dashboard under "Edit webhooks". */
  webhookUrls: Map<CoderbyteOperation, string>;
  /** Where the pages are, as in "https://coderbyte.com". */
  pagesOrigin: string;
  journal: Journal;
  now(): Date;
  text: RandomText;
  /** Sends a webhook, if an address is set for it. */
  tell(operation: CoderbyteOperation, fields: Record<string, unknown>): void;
}

/** @throws NotThere */
export function assessmentOf({ assessments }: CoderbyteWorld, id: string): CoderbyteAssessment {
  const found = assessments.get(id);
  if (!found) throw new NotThere(`assessment ${id} not found`);
  return found;
}

/** The latest invitation of this person to this assessment. @throws NotThere */
export function invitationOf(world: CoderbyteWorld, who: { assessmentId: string; email: string }): CoderbyteInvitation {
  const email = who.email.toLowerCase();
  const found = world.invitations.findLast((one) => one.assessmentId === who.assessmentId && one.email.toLowerCase() === email);
  if (!found) throw new NotThere(`${who.email} was not invited to ${who.assessmentId}`);
  return found;
}

/** @throws NotThere */
export function invitationByKey({ invitations }: CoderbyteWorld, key: string): CoderbyteInvitation {
  const found = invitations.find((one) => one.key === key);
  if (!found) throw new NotThere('This invitation does not exist');
  return found;
}

export function isOpen({ state }: CoderbyteInvitation): boolean {
  return state === 'invited' || state === 'joined';
}

export function linkOf({ pagesOrigin }: CoderbyteWorld, { key }: CoderbyteInvitation): string {
  return `${pagesOrigin}/sl-candidate?invite=${key}`;
}

/** The two shapes that Coderbyte's webhook examples show. */
export function reportUrlOf({ pagesOrigin, organizationId }: CoderbyteWorld, invitation: CoderbyteInvitation): string {
  const { interviewId, username, assessmentId } = invitation;
  const what = interviewId === null ? `${username}:${assessmentId}` : `interview:${interviewId}:${organizationId}`;
  return `${pagesOrigin}/report/${what}`;
}
