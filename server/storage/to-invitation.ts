import type { InferSelectModel } from 'drizzle-orm';
import type { Invitation } from '../../lib/domain/invitation.ts';
import type { invitations } from './schema.ts';

type InvitationRow = InferSelectModel<typeof invitations>;

const text = (time: Date | null) => time?.toISOString() ?? null;
const date = (time: string | null) => (time === null ? null : new Date(time));

/** A stored row as the domain knows it. The sealed link and the poll counters stay behind. */
export function toInvitation(row: InvitationRow): Invitation {
  const { applicationKey: _applicationKey, sealedLink: _sealedLink, pollDueAt: _pollDueAt, polls: _polls, ...rest } = row;
  return {
    ...rest,
    dueAt: text(row.dueAt),
    createdAt: row.createdAt.toISOString(),
    sentAt: text(row.sentAt),
    startedAt: text(row.startedAt),
    submittedAt: text(row.submittedAt),
    closedAt: text(row.closedAt),
    expiresAt: text(row.expiresAt),
  };
}

/** The columns of an invitation, without its id's relations. */
export function toInvitationColumns(invitation: Invitation) {
  return {
    ...invitation,
    dueAt: date(invitation.dueAt),
    createdAt: new Date(invitation.createdAt),
    sentAt: date(invitation.sentAt),
    startedAt: date(invitation.startedAt),
    submittedAt: date(invitation.submittedAt),
    closedAt: date(invitation.closedAt),
    expiresAt: date(invitation.expiresAt),
  };
}
