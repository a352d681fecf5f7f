import type { OutboxItem } from '../contract/messages.ts';
import type { OutboxRow, TagalongDatabase } from './database.ts';

/** After this a click may no longer mean what it meant: the candidate has moved on, somebody else has acted. */
const LATE_MS = 60 * 60 * 1000;

/** What became of a waiting click: taken, refused with a sentence, or the server still cannot be reached. */
export type Delivery = { taken: true } | { taken: false; trouble: string | null };

export interface Outbox {
  /** Keeps a click under its action id; keeping the same one twice keeps one. */
  add(row: Omit<OutboxRow, 'trouble'>): Promise<void>;
  /** Oldest first, as the panel shows them. */
  list(): Promise<OutboxItem[]>;
  /** Sends what is young enough, oldest first, each under its own action id. Stops when the server is away. */
  flush(deliver: (row: OutboxRow) => Promise<Delivery>): Promise<void>;
  /** Sends one that waited for a person's word, marked as confirmed. False when it is not there any more. */
  confirm(actionId: string, deliver: (row: OutboxRow) => Promise<Delivery>): Promise<boolean>;
  discard(actionId: string): Promise<void>;
  isEmpty(): Promise<boolean>;
  /** Forgets what was clicked for these applications. */
  wipe(applicationKeys: readonly string[]): Promise<void>;
}

/** Clicks made while the server could not be reached. None is lost, none is sent twice: the server knows each action id once. */
export function createOutbox(database: TagalongDatabase, now: () => Date): Outbox {
  const isLate = (row: OutboxRow) => now().getTime() - Date.parse(row.clickedAt) > LATE_MS;
  const all = () => database.outbox.orderBy('clickedAt').toArray();
  let flushing: Promise<void> | undefined;

  async function settle(row: OutboxRow, delivery: Delivery): Promise<void> {
    if (delivery.taken) await database.outbox.delete(row.actionId);
    else if (delivery.trouble) await database.outbox.update(row.actionId, { trouble: delivery.trouble });
  }

  async function flushAll(deliver: (row: OutboxRow) => Promise<Delivery>): Promise<void> {
    for (const row of await all()) {
      if (isLate(row) || row.trouble) continue;
      const delivery = await deliver(row);
      await settle(row, delivery);
      if (!delivery.taken && !delivery.trouble) return;
    }
  }

  return {
    async add(row) {
      await database.outbox.put({ ...row, trouble: null });
    },
    async list() {
      return (await all()).map((row) => ({
        actionId: row.actionId,
        text: row.trouble ? `${row.text}: ${row.trouble}` : row.text,
        clickedAt: row.clickedAt,
        needsConfirmation: isLate(row) || row.trouble !== null,
      }));
    },
    flush(deliver) {
      flushing ??= flushAll(deliver).finally(() => {
        flushing = undefined;
      });
      return flushing;
    },
    async confirm(actionId, deliver) {
      const row = await database.outbox.get(actionId);
      if (!row) return false;
      await settle(row, await deliver({ ...row, body: { ...row.body, confirmedLate: true } }));
      return true;
    },
    async discard(actionId) {
      await database.outbox.delete(actionId);
    },
    async isEmpty() {
      return (await database.outbox.count()) === 0;
    },
    async wipe(applicationKeys) {
      const keys = new Set(applicationKeys);
      await database.outbox.filter(({ applicationKey }) => keys.has(applicationKey)).delete();
    },
  };
}
