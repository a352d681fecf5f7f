/**
 * Who can sign in at Greenhouse. Service accounts are left out by default, and nobody signs in as one.
 * https://harvestdocs.greenhouse.io/reference/get_v3-users
 */
import { z } from 'zod';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { AtsUser } from '../operations.ts';
import type { GreenhouseClient } from './client.ts';
import { greenhouseIdSchema } from './schemas.ts';

const text = z.string().nullish().catch(null);
const flag = z.boolean().nullish().catch(null);

const greenhouseUserSchema = z.object({
  id: greenhouseIdSchema,
  name: text,
  first_name: text,
  last_name: text,
  primary_email: text,
  emails: z.array(text).nullish().catch(null),
  site_admin: flag,
  deactivated: flag,
});

/** Inferred: without the filter `deactivated` both kinds are listed. */
export async function listUsers(client: GreenhouseClient): Promise<CallResult<AtsUser[]>> {
  const users = await client.list('/users', {}, greenhouseUserSchema);
  if (!users.ok) return users;
  return succeed(
    users.value.map((user) =>
      toGreenhouseUser({
        userId: user.id,
        names: [user.name, [user.first_name, user.last_name].filter(Boolean).join(' ')],
        emails: [user.primary_email, ...(user.emails ?? [])],
        isSiteAdmin: user.site_admin === true,
        isDeactivated: user.deactivated === true,
      }),
    ),
  );
}

/** What both APIs of Greenhouse say of a user, in our words. Permissions of all others belong to single jobs. */
export function toGreenhouseUser(given: {
  userId: string;
  /** The first that is not empty counts. */
  names: readonly (string | null | undefined)[];
  emails: readonly (string | null | undefined)[];
  isSiteAdmin: boolean;
  isDeactivated: boolean;
}): AtsUser {
  const emails = given.emails.flatMap((email) => email?.trim().toLowerCase() || []);
  return {
    userId: given.userId,
    name: given.names.map((name) => name?.trim()).find(Boolean) ?? null,
    emails: [...new Set(emails)],
    active: !given.isDeactivated,
    sees: given.isSiteAdmin ? 'all' : 'limited',
    roleName: given.isSiteAdmin ? 'Site Admin' : null,
  };
}
