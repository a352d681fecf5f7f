/** Who can sign in at Lever. https://hire.lever.co/developer/documentation#list-all-users */
import { z } from 'zod';
import { LEVER_ROLE_NAMES } from '../../../lib/domain/lever-role.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { AtsUser } from '../operations.ts';
import type { LeverClient } from './client.ts';

const text = z.string().nullish().catch(null);

const leverUserSchema = z.object({
  id: z.string().min(1),
  name: text,
  email: text,
  accessRole: text,
  deactivatedAt: z.union([z.number(), z.string()]).nullish(),
});

/** The five fixed roles; anything else is the id of a role that the company made. */
const SEES: Partial<Record<string, AtsUser['sees']>> = {
  'super admin': 'all',
  admin: 'all',
  'team member': 'all',
  'limited team member': 'limited',
  interviewer: 'limited',
};

export async function listUsers(client: LeverClient): Promise<CallResult<AtsUser[]>> {
  const users = await client.list(['users'], { includeDeactivated: true }, leverUserSchema);
  if (!users.ok) return users;
  return succeed(
    users.value.map(({ id, name, email, accessRole, deactivatedAt }) => {
      const role = accessRole?.trim().toLowerCase() ?? '';
      return {
        userId: id,
        name: name?.trim() || null,
        emails: email?.trim() ? [email.trim().toLowerCase()] : [],
        active: deactivatedAt === null || deactivatedAt === undefined,
        sees: (Object.hasOwn(SEES, role) && SEES[role]) || 'unknown',
        roleName: (Object.hasOwn(LEVER_ROLE_NAMES, role) && LEVER_ROLE_NAMES[role]) || null,
      };
    }),
  );
}
