/**
 * Who can sign in at Greenhouse, by a v1 key. The known permission list of such a key does not have it: without the check box it is
 * forbidden, and everything else works on. https://developers.greenhouse.io/harvest.html#get-list-users
 */
import { z } from 'zod';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { toGreenhouseUser } from '../greenhouse/list-users.ts';
import { greenhouseIdSchema } from '../greenhouse/schemas.ts';
import type { AtsUser } from '../operations.ts';
import type { GreenhouseV1Client } from './client.ts';

const text = z.string().nullish().catch(null);
const flag = z.boolean().nullish().catch(null);

const greenhouseV1UserSchema = z.object({
  id: greenhouseIdSchema,
  name: text,
  first_name: text,
  last_name: text,
  primary_email_address: text,
  emails: z.array(text).nullish().catch(null),
  site_admin: flag,
  disabled: flag,
});

export async function listUsers(client: GreenhouseV1Client): Promise<CallResult<AtsUser[]>> {
  const users = await client.list({ path: '/users', right: 'Users: Get: List Users' }, {}, greenhouseV1UserSchema);
  if (!users.ok) return users;
  return succeed(
    users.value.map((user) =>
      toGreenhouseUser({
        userId: user.id,
        names: [user.name, [user.first_name, user.last_name].filter(Boolean).join(' ')],
        emails: [user.primary_email_address, ...(user.emails ?? [])],
        isSiteAdmin: user.site_admin === true,
        isDeactivated: user.disabled === true,
      }),
    ),
  );
}
