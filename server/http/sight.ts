import { and, eq, isNull } from 'drizzle-orm';
import type { PanelView } from '../../lib/contract/panel.ts';
import type { Snapshot } from '../../lib/domain/application.ts';
import { ATS_KINDS, ATS_NAMES, type AtsKind } from '../../lib/domain/ats.ts';
import type { Member } from '../../lib/domain/member.ts';
import { findMappedUser } from '../people/find-mapped-user.ts';
import type { MappedUser } from '../people/map-member.ts';
import { maySee, type Sight } from '../people/may-see.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { applications, connections } from '../storage/schema.ts';
import { ApiError } from './api-error.ts';

/** Whom one member may see. Keep one per request: it remembers who the member is in each ATS. */
export interface Viewer {
  sightOf(application: {
    connectionId: string;
    ats: AtsKind;
    candidate: Pick<Snapshot, 'confidential' | 'involved'>;
  }): Promise<Sight>;
  /** Why nothing is shown, as a sentence. */
  explain(application: { connectionId: string; ats: AtsKind }): Promise<string>;
}

export function createViewer({ db }: Pick<Services, 'db'>, member: Member): Viewer {
  const known = new Map<string, Promise<MappedUser>>();
  const mappedIn = (connectionId: string) => {
    const mapped = known.get(connectionId) ?? findMappedUser(db, { memberId: member.id, connectionId });
    known.set(connectionId, mapped);
    return mapped;
  };
  return {
    sightOf: async ({ connectionId, ats, candidate }) =>
      maySee({ ats, role: member.role, mapped: await mappedIn(connectionId), candidate }),
    async explain({ connectionId, ats }) {
      const { how, user } = await mappedIn(connectionId);
      if (how === 'deactivated') return say('server.no-longer-there', { ats: ATS_NAMES[ats] });
      return user
        ? say('server.role-excludes', { ats: ATS_NAMES[ats] })
        : say('server.secret-candidate', { ats: ATS_NAMES[ats] });
    },
  };
}

/** What the panel says instead; nothing of the candidate is in it. */
export function excludedView(text: string): PanelView {
  return { kind: 'unavailable', code: 'role-excludes', text, mend: { kind: 'check-again' } };
}

/** By our key of an application. One that was never read shows nothing anyway. */
export async function sightOfKey({ db }: Pick<Services, 'db'>, viewer: Viewer, key: string): Promise<Sight> {
  const found = await findSeen(db, key);
  return found ? await viewer.sightOf(found) : 'all';
}

/** Refuses a member who may not see all of the candidate: what one must not see one must not change. @throws ApiError `forbidden` */
export async function ensureSees(services: Pick<Services, 'db'>, member: Member, key: string): Promise<void> {
  const found = await findSeen(services.db, key);
  if (!found) return;
  const viewer = createViewer(services, member);
  if ((await viewer.sightOf(found)) !== 'all') throw new ApiError('forbidden', { message: await viewer.explain(found) });
}

/** Whether there may be candidates whom this member does not see: only then each one has to be looked at. */
export async function isLimited(services: Pick<Services, 'db'>, member: Member): Promise<boolean> {
  const viewer = createViewer(services, member);
  const rows = await services.db
    .select({ id: connections.id, kind: connections.kind })
    .from(connections)
    .where(and(eq(connections.side, 'ats'), isNull(connections.deletedAt)));
  for (const { id: connectionId, kind } of rows) {
    const ats = atsKindOf(kind);
    if (ats && (await viewer.sightOf({ connectionId, ats, candidate: { confidential: true } })) !== 'all') return true;
  }
  return false;
}

export function atsKindOf(kind: string | undefined): AtsKind | undefined {
  return ATS_KINDS.find((known) => known === kind);
}

async function findSeen(db: Services['db'], key: string) {
  const [row] = await db
    .select({ connectionId: applications.connectionId, kind: connections.kind, candidate: applications.snapshot })
    .from(applications)
    .innerJoin(connections, eq(connections.id, applications.connectionId))
    .where(eq(applications.key, key));
  const ats = atsKindOf(row?.kind);
  return row?.candidate && ats ? { connectionId: row.connectionId, ats, candidate: row.candidate } : null;
}
