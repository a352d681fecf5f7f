import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database, Transaction } from '../services.ts';
import { connections } from './schema.ts';

/** A stage or reason that a setting names and the ATS no longer has. `name` as people knew it. */
const goneSchema = z.array(z.object({ id: z.string().nullable(), name: z.string() }));

const sweepStateSchema = z.object({
  /** When a look last came to its end, by our clock; up to when it looked is told by the ATS's. */
  sweptAt: z.string().nullable().default(null).catch(null),
  /** When the ATS's stages and reasons were last compared with the settings. */
  namesCheckedAt: z.string().nullable().default(null).catch(null),
  goneStages: goneSchema.default([]).catch([]),
  goneReasons: goneSchema.default([]).catch([]),
  /**
   * Set while the credential may not list applications: those with something open are read one by one instead. `after`: the key of the
   * one that was read last; null begins anew.
   */
  unlisted: z.object({ since: z.string(), after: z.string().nullable() }).nullable().default(null).catch(null),
  /** Up to when the history was compared for good with what webhooks told, and the mark of the last look. */
  gapsCheckedAt: z.string().nullable().default(null).catch(null),
  gapsLook: z.string().nullable().default(null).catch(null),
  /** Up to when the list of the deleted was read, between the sweeps too, and when it is due again. */
  deleted: z.object({ readAt: z.string().nullable(), dueAt: z.string() }).nullable().default(null).catch(null),
  /** The credential itself was refused when a look last heard what the ATS says of it. */
  isRefused: z.boolean().default(false).catch(false),
});

export type SweepState = z.infer<typeof sweepStateSchema>;
export type GoneName = SweepState['goneStages'][number];

/** Total: what an older version wrote, or nothing, is what nothing is known of. */
export function readSweepState(stored: unknown): SweepState {
  return sweepStateSchema.parse(stored ?? {});
}

/** Changes what is given and leaves the rest, also what somebody else changes at the same moment. */
export async function changeSweepState(
  db: Database | Transaction,
  connectionId: string,
  change: Partial<SweepState>,
): Promise<void> {
  await db
    .update(connections)
    .set({ sweepState: sql`coalesce(${connections.sweepState}, '{}'::jsonb) || ${JSON.stringify(change)}::jsonb` })
    .where(eq(connections.id, connectionId));
}
