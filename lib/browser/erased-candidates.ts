import { z } from 'zod';
import { erasedSchema } from '../contract/erasure.ts';
import { PATHS } from '../contract/paths.ts';
import type { Connection } from './connection.ts';
import type { CopyStore } from './copy-store.ts';
import type { TagalongDatabase } from './database.ts';
import type { Outbox } from './outbox.ts';

export interface ErasedCandidates {
  /** The server says that these are erased. */
  wipe(applicationKeys: readonly string[]): Promise<void>;
  /**
   * Asks whom the server has erased since the last time, and wipes them: what was told while nobody listened is not told again. True
   * when it answered.
   */
  catchUp(): Promise<boolean>;
}

export interface ErasedInput {
  database: TagalongDatabase;
  connection: Connection;
  copies: CopyStore;
  outbox: Outbox;
}

/** Beside the pairing, and forgotten with it. */
const ROW = 'erased-until';
const untilSchema = z.iso.datetime();

/** Keeps this browser from remembering people whom the server has erased. */
export function createErasedCandidates({ database, connection, copies, outbox }: ErasedInput): ErasedCandidates {
  async function wipe(applicationKeys: readonly string[]): Promise<void> {
    if (applicationKeys.length === 0) return;
    await copies.wipe(applicationKeys);
    await outbox.wipe(applicationKeys);
  }

  return {
    wipe,
    async catchUp() {
      const before = await connection.read();
      if (!before) return false;
      const since = untilSchema.safeParse((await database.pairing.get(ROW))?.pairing).data;
      const answer = await connection.ask({ path: PATHS.erased, query: { since } }, erasedSchema);
      // An older server knows no such path, and has erased nobody.
      if (!answer.ok) return false;
      await wipe(answer.value.keys);
      const now = await connection.read();
      // Another server's time must not hide what this one has erased.
      if (now?.token === before.token) await database.pairing.put({ id: ROW, pairing: answer.value.until });
      return true;
    },
  };
}
