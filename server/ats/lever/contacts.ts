import type { CallResult } from '../../outbound/outcome.ts';
import type { AtsContact } from '../operations.ts';
import type { LeverClient } from './client.ts';
import { mapped } from './results.ts';
import { type LeverContact, leverContactSchema } from './schemas.ts';

/** https://hire.lever.co/developer/documentation#retrieve-a-single-contact */
export async function readContact(client: LeverClient, contactId: string): Promise<CallResult<AtsContact>> {
  return mapped(await client.get(['contacts', contactId], {}, leverContactSchema), toAtsContact);
}

export function toAtsContact({ id, name, emails, isAnonymized }: LeverContact): AtsContact {
  return {
    contactId: id,
    name: name?.trim() || null,
    emails: emails.map((email) => email.trim()).filter(Boolean),
    anonymised: isAnonymized === true,
  };
}
