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
  /** False when it is not kept any more. One that is on its way is waited for: until then nobody knows. */
  discard(actionId: string): Promise<boolean>;
  isEmpty(): Promise<boolean>;
  /** Forgets what was clicked for these applications. */
  wipe(applicationKeys: readonly string[]): Promise<void>;
}

/** Clicks made while the server could not be reached. None is lost, none is sent twice: the server knows each action id once. */
export function createOutbox(database: TagalongDatabase, now: () => Date): Outbox {
  const isLate = (row: OutboxRow) => now().getTime() - Date.parse(row.clickedAt) > LATE_MS;
  const all = () => database.outbox.orderBy('clickedAt').toArray();
  const onTheWay = new Map<string, Promise<Delivery | null>>();
  let flushing: Promise<void> | undefined;

  async function settle(row: OutboxRow, delivery: Delivery): Promise<void> {
    if (delivery.taken) await database.outbox.delete(row.actionId);
    else if (delivery.trouble) await database.outbox.update(row.actionId, { trouble: delivery.trouble });
  }

  /** Null when it was discarded while others were being sent. */
  async function handOver(actionId: string, deliver: (row: OutboxRow) => Promise<Delivery>): Promise<Delivery | null> {
    const row = await database.outbox.get(actionId);
    if (!row) return null;
    const delivery = await deliver(row);
    await settle(row, delivery);
    return delivery;
  }

  /** Marked as on its way before it is read: a discard either finds the mark or has taken the row away by then. */
  async function give(actionId: string, deliver: (row: OutboxRow) => Promise<Delivery>): Promise<Delivery | null> {
    const given = handOver(actionId, deliver);
    onTheWay.set(actionId, given);
    try {
      return await given;
    } finally {
      onTheWay.delete(actionId);
    }
  }

  async function flushAll(deliver: (row: OutboxRow) => Promise<Delivery>): Promise<void> {
    for (const row of await all()) {
      if (isLate(row) || row.trouble) continue;
      const delivery = await give(row.actionId, deliver);
      if (delivery && !delivery.taken && !delivery.trouble) return;
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
      const confirmed = (row: OutboxRow) => deliver({ ...row, body: { ...row.body, confirmedLate: true } });
      return (await give(actionId, confirmed)) !== null;
    },
    async discard(actionId) {
      // One that fails on its way is kept, and there to be discarded.
      while (onTheWay.has(actionId)) await onTheWay.get(actionId)?.catch(() => null);
      return (await database.outbox.where({ actionId }).delete()) > 0;
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
