import { z } from 'zod';
import type { JournalEntry } from '../../simulators/frame/journal.ts';
import type { World } from '../../simulators/world.ts';

const invited = z.object({ body: z.object({ email: z.string() }) });

/** Invitations that reached the vendor, by the vendor's own journal. */
export function invitationsTo({ journal }: World, email: string): JournalEntry[] {
  return journal.list().filter((row) => isInvitationTo(row, email));
}

/** Resolves when an invitation has reached the vendor. */
export function invitationTo({ journal }: World, email: string, withinMs = 20_000): Promise<JournalEntry> {
  return journal.waitFor((rows) => rows.find((row) => isInvitationTo(row, email)), `an invitation to ${email}`, withinMs);
}

function isInvitationTo({ simulator, kind, what, detail }: JournalEntry, email: string): boolean {
  if (simulator !== 'coderbyte' || kind !== 'api' || !/^POST .*\/invitations$/.test(what)) return false;
  return invited.safeParse(detail).data?.body.email === email;
}

/** Lever's simulator keeps the body parsed, Greenhouse's as it came. */
const noted = z.object({ body: z.union([z.object({ value: z.string() }), z.string()]) });

/**
 * The text of the note that an ATS was given about an invitation to this address. It follows from the invitation, so that
 * everything a send causes has happened when it is there.
 */
export function noteOn(world: World, email: string): Promise<string> {
  return noteWith(world, ` to ${email} `);
}

/** The text of the first note in any ATS that contains the given one. */
export function noteWith({ journal }: World, part: string): Promise<string> {
  const read = ({ kind, what, detail }: JournalEntry) => {
    const body = kind === 'api' && /^POST .*\/notes$/.test(what) ? noted.safeParse(detail).data?.body : undefined;
    return typeof body === 'object' ? body.value : body;
  };
  return journal.waitFor((rows) => rows.map(read).find((text) => text?.includes(part)), `a note with "${part}"`, 20_000);
}
