import type { InferSelectModel } from 'drizzle-orm';
import { and, asc, eq, inArray, isNull, ne } from 'drizzle-orm';
import type { Database, Transaction } from '../services.ts';
import type { Input } from '../workflow/input.ts';
import type { OwnMove } from '../workflow/observe.ts';
import { nameOf, personKey } from '../workflow/prepare-invitation.ts';
import { type ApplicationState, EMPTY_STATE, type InvitationElsewhere } from '../workflow/state.ts';
import { isBeingErased } from './being-erased.ts';
import { applications, effects, inputs, invitations, stageEntries } from './schema.ts';
import { toInvitation } from './to-invitation.ts';

export type ApplicationRow = InferSelectModel<typeof applications>;

/** One application with all that a decision may know, as it was at one moment. */
export interface Case {
  row: ApplicationRow;
  state: ApplicationState;
  inputs: { id: number; key: string; input: Input; createdAt: Date }[];
  ownMoves: OwnMove[];
  /** The person is about to be erased: nothing is read and nothing goes out, but for what takes invitations back. */
  erasing: boolean;
}

/** How many waiting inputs are decided in one commit. */
const INPUTS_PER_ROUND = 50;

/** Undefined when there is no such application. Reads several tables; the commit checks that nothing moved meanwhile. */
export async function loadCase(db: Database | Transaction, key: string): Promise<Case | undefined> {
  const [row] = await db.select().from(applications).where(eq(applications.key, key));
  if (!row) return undefined;
  const waiting = await db
    .select()
    .from(inputs)
    .where(and(eq(inputs.applicationKey, key), isNull(inputs.handledAt)))
    .orderBy(asc(inputs.id))
    .limit(INPUTS_PER_ROUND);
  const own = await db
    .select()
    .from(invitations)
    .where(eq(invitations.applicationKey, key))
    .orderBy(asc(invitations.createdAt), asc(invitations.id));
  const entries = await db
    .select({ entryKey: stageEntries.entryKey })
    .from(stageEntries)
    .where(eq(stageEntries.applicationKey, key));
  const asked = await db.select().from(effects).where(eq(effects.applicationKey, key));
  return {
    row,
    state: {
      ...EMPTY_STATE,
      ...row.state,
      outcome: row.outcome,
      invitations: own.map(toInvitation),
      elsewhere: [],
      decidedEntries: entries.map((entry) => entry.entryKey),
      effectKeys: asked.map((effect) => effect.key),
    },
    // Inputs are written by this server alone, from parsed requests; their shape is the Input type.
    inputs: waiting.map(({ id, key: inputKey, input, createdAt }) => ({
      id,
      key: inputKey,
      input: input as unknown as Input,
      createdAt,
    })),
    ownMoves: asked.flatMap((row) => ownMoveOf(row)),
    erasing: await isBeingErased(db, key),
  };
}

/** A move that failed for certain made no entry. */
function ownMoveOf(row: InferSelectModel<typeof effects>): OwnMove[] {
  if (row.effect.kind !== 'move-to-stage' || row.state === 'failed' || !row.startedAt) return [];
  const endedAt = row.finishedAt?.toISOString() ?? null;
  return [{ toStageId: row.effect.toStageId, startedAt: row.startedAt.toISOString(), endedAt }];
}

/** What other applications of the same person have going, or had: a person is who has one of these addresses. */
export async function findElsewhere(db: Database, key: string, emails: readonly string[]): Promise<InvitationElsewhere[]> {
  const persons = [...new Set(emails.map(personKey))].filter(Boolean);
  if (persons.length === 0) return [];
  const rows = await db
    .select({ invitation: invitations, snapshot: applications.snapshot })
    .from(invitations)
    .innerJoin(applications, eq(applications.key, invitations.applicationKey))
    .where(and(inArray(invitations.person, persons), ne(invitations.applicationKey, key)))
    .orderBy(asc(invitations.createdAt));
  return rows.map(({ invitation, snapshot }) => ({
    invitationId: invitation.id,
    vendorConnectionId: invitation.vendorConnectionId,
    assessmentExternalId: invitation.assessmentExternalId,
    assessmentName: invitation.assessmentName,
    externalId: invitation.externalId,
    person: invitation.person,
    state: invitation.state,
    attempt: invitation.attempt,
    byName: nameOf(invitation.raisedBy),
    jobName: snapshot?.job?.name ?? null,
  }));
}
