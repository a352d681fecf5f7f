/**
 * What a Harvest v3 credential may do: its scopes by introspection, each list by one row of it, because reading takes a Site Admin
 * besides. https://harvestdocs.greenhouse.io/docs/authentication
 * Nothing is ever written: the scopes say which writes are allowed.
 */
import { z } from 'zod';
import type { CallFailure, CallResult } from '../../outbound/outcome.ts';
import {
  type AccessQuestion,
  type ActingUser,
  type AtsExaminer,
  type AtsRight,
  cannotExamine,
  type Examination,
  type Finding,
  findingOf,
  isNeeded,
  isWholeTrouble,
  judgeRight,
} from '../doctor.ts';
import { createGreenhouseClient, type GreenhouseClient, type GreenhouseQuery } from './client.ts';
import type { GreenhouseAdapterOptions } from './index.ts';
import { type GreenhouseIntrospection, introspect } from './introspect.ts';
import { GREENHOUSE_RIGHTS, listOf, USERS_RIGHT, unknownRight } from './rights.ts';
import { createGreenhouseTokens } from './token.ts';

export function createGreenhouseExaminer(options: GreenhouseAdapterOptions): AtsExaminer {
  const { http, limiter, settings, clientId, clientSecret, clock, connectionId, tokens: store } = options;
  const { apiUrl, authUrl, serviceUserId, singleToken } = settings;
  const credential = { authUrl, clientId, clientSecret, serviceUserId };
  const tokens = createGreenhouseTokens({ http, store, clock, connectionId, credential, singleToken });
  const client = createGreenhouseClient({ http, tokens, limiter, apiUrl });
  return {
    async examine({ uses }) {
      const kept = await tokens.get();
      // Minted anew: a token may carry the scopes of the time it was minted, and the admin has just ticked another box.
      const token = kept.ok ? await tokens.renew(kept.value) : kept;
      if (!token.ok) return cannotExamine(token, GREENHOUSE_RIGHTS, uses);
      const told = await introspect(http, credential, token.value);
      const stored = await store.read(connectionId);
      const found = await examineRights(client, { told, uses });
      const actingUser = await findActingUser(client, { told, found });
      return {
        trouble: found.trouble,
        rights: found.rights,
        actingUser,
        expiries: stored ? [{ what: 'access-token', at: stored.expiresAt }] : [],
        trial: { state: 'not-needed' },
      };
    },
  };
}

type Lists = Map<AtsRight, CallResult<unknown[]>>;
interface Found extends Pick<Examination, 'trouble' | 'rights'> {
  lists: Lists;
}

async function examineRights(
  client: GreenhouseClient,
  { told, uses }: { told: GreenhouseIntrospection | null; uses: AccessQuestion['uses'] },
): Promise<Found> {
  const scopes = told?.scopes ?? null;
  const lists: Lists = new Map();
  let trouble: CallFailure | null = null;
  for (const right of GREENHOUSE_RIGHTS) {
    const path = listOf(right);
    // What lies idle is not read: its scope says enough.
    const isIdle = right.need !== 'always' && right.need.otherwise === 'idle' && !isNeeded(right.need, uses);
    if (trouble || path === null || (isIdle && scopes)) continue;
    const answer = await readOne(client, path);
    if (!answer.ok && isWholeTrouble(answer, lists.size === 0)) trouble = answer;
    lists.set(right, answer);
  }
  const isBlind = [...lists.values()].every((answer) => !answer.ok || answer.value.length === 0);
  const known = GREENHOUSE_RIGHTS.map((right) => judgeRight(right, judge(right, { scopes, lists, isBlind }), uses));
  const others = [...(scopes ?? [])].filter((name) => !GREENHOUSE_RIGHTS.some((right) => right.name === name));
  return { trouble, lists, rights: [...known, ...others.map((name) => judgeRight(unknownRight(name), 'granted', uses))] };
}

/**
 * A list that was given proves its right. One that was refused does so only among others that were given: who is no Site Admin is
 * refused all of them, whatever the scopes; then the scopes are believed.
 */
function judge(
  right: AtsRight,
  { scopes, lists, isBlind }: { scopes: ReadonlySet<string> | null; lists: Lists; isBlind: boolean },
): Finding {
  const answer = lists.get(right);
  const byCall = answer ? findingOf(answer) : 'unknown';
  // Inferred: who may not read may also be shown nothing instead of a refusal.
  const isProved = answer?.ok && (answer.value.length > 0 || !scopes);
  if (isProved) return 'granted';
  if (scopes && !scopes.has(right.name)) return 'missing';
  if (byCall === 'missing') return isBlind ? (scopes ? 'granted' : 'unknown') : 'missing';
  // By a paused or broken list the right is neither proved nor refuted.
  return scopes ? 'granted' : 'unknown';
}

/** One row is enough; the rest of the list is not asked for. */
async function readOne(client: GreenhouseClient, path: string, query: GreenhouseQuery = {}): Promise<CallResult<unknown[]>> {
  for await (const page of client.pages(path, { per_page: 1, ...query }, z.unknown())) return page;
  return { ok: false, kind: 'unreadable', detail: `GET ${path}: no answer` };
}

const userRowSchema = z.object({ site_admin: z.boolean().nullish() });

/** https://harvestdocs.greenhouse.io/reference/get_v3-users ; service users are listed only when asked for. */
async function findActingUser(
  client: GreenhouseClient,
  { told, found: { lists } }: { told: GreenhouseIntrospection | null; found: Found },
): Promise<ActingUser> {
  const userId = told?.userId ?? null;
  const users = [...lists].find(([{ name }]) => name === USERS_RIGHT)?.[1];
  if (userId !== null && users?.ok) {
    const rows = await readOne(client, '/users', { ids: userId, show_service_accounts: true });
    const row = userRowSchema.safeParse(rows.ok ? rows.value[0] : undefined);
    if (row.success && typeof row.data.site_admin === 'boolean') return { userId, seesAll: row.data.site_admin ? 'yes' : 'no' };
  }
  // Inferred: how the claim spells it.
  if (told?.userRole) return { userId, seesAll: /site.?admin/i.test(told.userRole) ? 'yes' : 'no' };
  const answers = [...lists.values()];
  if (answers.some((answer) => answer.ok && answer.value.length > 0)) return { userId, seesAll: 'yes' };
  const granted = [...lists].filter(([{ name }]) => told?.scopes?.has(name));
  const isRefusedAll = granted.length > 0 && granted.every(([, answer]) => !answer.ok && answer.kind === 'forbidden');
  return { userId, seesAll: isRefusedAll ? 'no' : 'unknown' };
}
