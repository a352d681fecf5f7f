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
