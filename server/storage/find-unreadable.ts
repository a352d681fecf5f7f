import { eq, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { listConnections } from './connections.repository.ts';
import { listHooks } from './outgoing-hooks.repository.ts';
import { accommodations, assessments, poolLinks, settings } from './schema.ts';
import { openOrNull } from './seal.ts';
import { SEALED_FOR } from './seal-contexts.ts';
import { listWebhookEndpoints } from './webhook-endpoints.repository.ts';

/** What was entered or made here and does not open with the master key of this process. Links and tokens that are made anew are left out. */
export interface Unreadable {
  /** The ids of connections of which a credential or a webhook's signing secret is concerned. */
  connectionIds: ReadonlySet<string>;
  /** By name, for people: connections, then what stands elsewhere. */
  names: string[];
}

const settingSchema = z.object({ smtpUrl: z.string().nullish(), sealed: z.string().nullish() });

/** Tries to open each: what is not under the key of the server waits for it, or has to be entered again. */
export async function findUnreadable({ db, sealer }: Pick<Services, 'db' | 'sealer'>): Promise<Unreadable> {
  const opens = (sealed: string, context: string) => openOrNull(sealer, sealed, context) !== null;
  const connections = await listConnections(db);
  const endpoints = await listWebhookEndpoints(db);
  const concerned = connections.filter(
    ({ id, secrets }) =>
      Object.entries(secrets).some(([name, { sealed }]) => !opens(sealed, SEALED_FOR.connection(id, name))) ||
      endpoints.some(
        (endpoint) =>
          endpoint.connectionId === id && endpoint.secrets.some(({ sealed }) => !opens(sealed, SEALED_FOR.webhook(endpoint.id))),
      ),
  );
  const hooks = (await listHooks(db)).filter(({ id, sealedSecret }) => !opens(sealedSecret, SEALED_FOR.outgoingHook(id)));
  return {
    connectionIds: new Set(concerned.map(({ id }) => id)),
    names: [
      ...[...concerned, ...hooks].map(({ name }) => name),
      ...(await findLinks({ db, sealer })),
      ...(await findExtraTimes({ db, sealer })),
      ...(await findSettings({ db, sealer })),
    ],
  };
}

/** One plain sentence for the start and for admins; null when all is well. */
export function sayUnreadable({ names }: Unreadable): string | null {
  return names.length === 0 ? null : say('server.unreadable.all', { names: names.join(', ') });
}

/** Of a sealed text, the mark of the key. Whether one opens tells it of all others under that key, of which there may be thousands. */
function markIn(sealed: typeof poolLinks.sealed | typeof accommodations.sealed): SQL<string> {
  return sql<string>`split_part(${sealed}, '.', 2)`;
}

/** Those that are still to be given away, by assessment. */
async function findLinks({ db, sealer }: Pick<Services, 'db' | 'sealer'>): Promise<string[]> {
  const ofEach = [poolLinks.assessmentId, markIn(poolLinks.sealed)];
  const links = await db
    .selectDistinctOn(ofEach, { id: poolLinks.id, sealed: poolLinks.sealed, assessment: assessments.name })
    .from(poolLinks)
    .innerJoin(assessments, eq(assessments.id, poolLinks.assessmentId))
    .where(isNull(poolLinks.invitationId))
    .orderBy(...ofEach);
  const locked = links.filter(({ id, sealed }) => openOrNull(sealer, sealed, SEALED_FOR.poolLink(id)) === null);
  return [...new Set(locked.map(({ assessment }) => say('server.unreadable.links', { assessment })))];
}

/** Of how many candidates; whose it is tells of their health. */
async function findExtraTimes({ db, sealer }: Pick<Services, 'db' | 'sealer'>): Promise<string[]> {
  const mark = markIn(accommodations.sealed);
  const found = await db
    .selectDistinctOn([mark], {
      person: accommodations.person,
      sealed: accommodations.sealed,
      count: sql<number>`(count(*) over (partition by ${mark}))::int`,
    })
    .from(accommodations)
    .orderBy(mark);
  const locked = found.filter(({ person, sealed }) => openOrNull(sealer, sealed, SEALED_FOR.accommodation(person)) === null);
  const count = locked.reduce((sum, of) => sum + of.count, 0);
  return count === 0 ? [] : [say('server.unreadable.extra-time', { count })];
}

async function findSettings({ db, sealer }: Pick<Services, 'db' | 'sealer'>): Promise<string[]> {
  const rows = await db
    .select()
    .from(settings)
    .where(inArray(settings.key, ['mail', 'erasure-key']));
  const isLocked = (key: string, context: string) => {
    const value = settingSchema.safeParse(rows.find((row) => row.key === key)?.value).data;
    const sealed = value?.smtpUrl ?? value?.sealed;
    return sealed ? openOrNull(sealer, sealed, context) === null : false;
  };
  return [
    ...(isLocked('mail', SEALED_FOR.mailServer) ? [say('server.unreadable.mail')] : []),
    ...(isLocked('erasure-key', SEALED_FOR.erasureKey) ? [say('server.unreadable.erased')] : []),
  ];
}
