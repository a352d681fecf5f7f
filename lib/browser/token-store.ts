import { z } from 'zod';
import { memberSchema } from '../contract/panel.ts';
import type { TagalongDatabase } from './database.ts';

const pairingSchema = z.object({
  /** Origin of the server, without a trailing slash. */
  serverUrl: z.string(),
  token: z.string(),
  member: memberSchema,
  company: z.string().nullable(),
});
export type Pairing = z.infer<typeof pairingSchema>;

export interface TokenStore {
  read(): Promise<Pairing | null>;
  save(pairing: Pairing): Promise<void>;
  /** Forgets the pairing and everything that was learned through it: copies and clicks that wait. */
  wipe(): Promise<void>;
}

/** Keeps the one credential the extension has, in its own IndexedDB and nowhere else. */
export function createTokenStore(database: TagalongDatabase): TokenStore {
  return {
    async read() {
      const row = await database.pairing.get('pairing');
      return pairingSchema.safeParse(row?.pairing).data ?? null;
    },
    async save(pairing) {
      await database.pairing.put({ id: 'pairing', pairing });
    },
    async wipe() {
      const tables = [database.pairing, database.copies, database.outbox];
      await database.transaction('rw', tables, () => Promise.all(tables.map((table) => table.clear())));
    },
  };
}
