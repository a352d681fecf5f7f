import { and, desc, eq, gt, inArray, isNotNull, ne, notExists, or } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Waiting } from '../../lib/contract/panel.ts';
import type { Member } from '../../lib/domain/member.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { countOpenFailures } from '../storage/failures.repository.ts';
import { profileUrls } from '../storage/page-hosts.repository.ts';
import { applications, invitations } from '../storage/schema.ts';
import { nameOf } from '../workflow/prepare-invitation.ts';
import { reviewWords } from './review-words.ts';
import { createViewer } from './sight.ts';

const SHOWN_MAX = 50;
const LOOKED_AT_MAX = 500;
const RECENT_MS = 7 * 24 * 60 * 60_000;

/**
 * What somebody should look at, newest first: held ones can still be undone, failed and unconfirmed ones want a decision, and so does
 * what was done by itself on an older result. A failed one that a newer one has replaced is decided. Of candidates whom this member may see.
 */
export async function readWaiting(services: Pick<Services, 'db' | 'clock'>, member: Member): Promise<Waiting> {
  const { db, clock } = services;
  const now = clock.now();
  const rows = await db
    .select({ invitation: invitations, snapshot: applications.snapshot, connectionId: applications.connectionId })
    .from(invitations)
    .innerJoin(applications, eq(applications.key, invitations.applicationKey))
    .where(
      or(
        and(
          inArray(invitations.state, ['held', 'failed', 'unconfirmed']),
          gt(invitations.createdAt, new Date(now.getTime() - RECENT_MS)),
          or(ne(invitations.state, 'failed'), notExists(replacing(db))),
        ),
        isNotNull(invitations.review),
      ),
    )
    .orderBy(desc(invitations.createdAt))
    .limit(LOOKED_AT_MAX);
  const viewer = createViewer(services, member);
  const seen: typeof rows = [];
  for (const row of rows) {
    const { snapshot, connectionId } = row;
    const sight = snapshot ? await viewer.sightOf({ connectionId, ats: snapshot.ats, candidate: snapshot }) : 'all';
    // A review tells a result.
    if (sight === 'all' || (sight === 'progress' && !row.invitation.review)) seen.push(row);
  }
  const shown = seen.slice(0, SHOWN_MAX);
  const urls = await profileUrls(
    db,
    shown.map(({ snapshot }) => snapshot),
  );
  return {
    serverTime: now.toISOString(),
    ...(member.role === 'admin' && { failures: await countOpenFailures(db) }),
    items: shown.map(({ invitation, snapshot }, index) => ({
      key: invitation.applicationKey,
      candidateName: snapshot?.name ?? null,
      jobName: snapshot?.job?.name ?? null,
      text: reviewWords(invitation, snapshot?.name ?? null) ?? textOf(invitation.state, invitation.assessmentName),
      url: urls[index] ?? null,
      at: invitation.review?.since ?? invitation.createdAt.toISOString(),
      held:
        invitation.state === 'held' && invitation.dueAt
          ? {
              invitationId: invitation.id,
              dueAt: invitation.dueAt.toISOString(),
              byName: nameOf(invitation.raisedBy),
              isYou: invitation.raisedBy.kind === 'member' && invitation.raisedBy.memberId === member.id,
            }
          : null,
    })),
  };
}

/** A newer one of the same application and assessment, which may have been taken in from the vendor. */
function replacing(db: Services['db']) {
  const newer = alias(invitations, 'newer');
  return db
    .select({ id: newer.id })
    .from(newer)
    .where(
      and(
        eq(newer.applicationKey, invitations.applicationKey),
        eq(newer.assessmentId, invitations.assessmentId),
        gt(newer.createdAt, invitations.createdAt),
        ne(newer.state, 'undone'),
      ),
    );
}

function textOf(state: string, assessment: string): string {
  if (state === 'held') return say('server.waiting-held', { assessment });
  return state === 'failed' ? say('server.waiting-failed', { assessment }) : say('server.waiting-unconfirmed', { assessment });
}
