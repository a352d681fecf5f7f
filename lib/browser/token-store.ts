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
  wipe(why?: { isRevoked: boolean }): Promise<void>;
  /** The server ended the last pairing, and none has been made since: to be told apart from a browser that never had one. */
  wasRevoked(): Promise<boolean>;
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
      await database.pairing.delete('revoked');
    },
    async wipe({ isRevoked } = { isRevoked: false }) {
      const tables = [database.pairing, database.copies, database.outbox];
      await database.transaction('rw', tables, async () => {
        await Promise.all(tables.map((table) => table.clear()));
        if (isRevoked) await database.pairing.put({ id: 'revoked', pairing: null });
      });
    },
    async wasRevoked() {
      return (await database.pairing.get('revoked')) !== undefined;
    },
  };
}
