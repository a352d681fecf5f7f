import type { OutboxItem } from '../contract/messages.ts';
import { PATHS } from '../contract/paths.ts';
import type { OutboxRow, TagalongDatabase } from './database.ts';

/** After this a click may no longer mean what it meant: the candidate has moved on, somebody else has acted. */
const LATE_MS = 60 * 60 * 1000;

/** What became of a waiting click: taken, refused with a sentence, or the server still cannot be reached. */
export type Delivery = { taken: true } | { taken: false; trouble: string | null };

export interface Outbox {
  /**
   * Keeps a click under its action id; keeping the same one twice keeps one. One that somebody wished to take back meanwhile is not
   * kept: it is taken back, or that was refused and is still to be read.
   */
  add(row: Omit<OutboxRow, 'trouble'>): Promise<'kept' | 'taken back' | 'not undone'>;
  /**
   * In one step the send that is taken back is kept no longer and the way back is; then it is given to `deliver`. Whatever happens
   * to this worker from then on, the next `flush` gives what had no answer.
   */
  takeBack(row: WayBackRow, deliver: (row: OutboxRow) => Promise<Delivery>): Promise<void>;
  /** A click as it is kept. */
  find(actionId: string): Promise<OutboxRow | undefined>;
  /** Oldest first, as the panel shows them. */
  list(): Promise<OutboxItem[]>;
  /** Sends what is young enough and every way back, oldest first, each under its own action id. Stops when the server is away. */
  flush(deliver: (row: OutboxRow) => Promise<Delivery>): Promise<void>;
  /** Sends one that waited for a person's word, marked as confirmed. False when it is not there any more. */
  confirm(actionId: string, deliver: (row: OutboxRow) => Promise<Delivery>): Promise<boolean>;
  /** False when it is not kept any more. One that is on its way is waited for: until then nobody knows. */
  discard(actionId: string): Promise<boolean>;
  isEmpty(): Promise<boolean>;
  /** Forgets what was clicked for these applications. */
  wipe(applicationKeys: readonly string[]): Promise<void>;
}

type WayBackRow = Omit<OutboxRow, 'trouble' | 'takesBack'> & { takesBack: string };

/** Clicks made while the server could not be reached. None is lost, none is sent twice: the server knows each action id once. */
export function createOutbox(database: TagalongDatabase, now: () => Date): Outbox {
  const isLate = (row: OutboxRow) => now().getTime() - Date.parse(row.clickedAt) > LATE_MS;
  /** The way back never asks: it is as right after an hour as before. */
  const asksFirst = (row: OutboxRow) => row.trouble !== null || (isLate(row) && row.takesBack === undefined);
  const all = () => database.outbox.orderBy('clickedAt').toArray();
  const onTheWay = new Map<string, Promise<Delivery | null>>();
  /** Also those whose way back was done: the answer to the send may come after it. */
  const takenBack = new Set<string>();
  let flushing: Promise<void> | undefined;

  async function settle(row: OutboxRow, delivery: Delivery): Promise<void> {
    if (!delivery.taken && delivery.trouble && row.takesBack !== undefined) takenBack.delete(row.takesBack);
    if (delivery.taken) await database.outbox.delete(row.actionId);
    // Of a way back also that there is no verdict after all: it is told again then.
    else if (delivery.trouble || row.takesBack !== undefined)
      await database.outbox.update(row.actionId, { trouble: delivery.trouble });
  }

  /** Null when it was discarded while others were being sent. */
  async function handOver(actionId: string, deliver: (row: OutboxRow) => Promise<Delivery>): Promise<Delivery | null> {
    const row = await database.outbox.get(actionId);
    if (!row) return null;
    const delivery = await deliver(row);
    await settle(row, delivery);
    return delivery;
  }

  async function track(actionId: string, given: Promise<Delivery | null>): Promise<Delivery | null> {
    onTheWay.set(actionId, given);
    try {
      return await given;
    } finally {
      onTheWay.delete(actionId);
    }
  }

  /** Marked as on its way before it is read: a discard either finds the mark or has taken the row away by then. */
  const give = (actionId: string, deliver: (row: OutboxRow) => Promise<Delivery>) => track(actionId, handOver(actionId, deliver));

  async function keepAndGive({ takesBack, ...rest }: WayBackRow, deliver: (row: OutboxRow) => Promise<Delivery>) {
    const row: OutboxRow = { ...rest, takesBack, trouble: null };
    takenBack.add(takesBack);
    await database.transaction('rw', database.outbox, async () => {
      await database.outbox.delete(takesBack);
      // What came of an earlier one counts no more.
      await database.outbox.filter((each) => each.takesBack === takesBack).delete();
      await database.outbox.put(row);
    });
    const delivery = await deliver(row);
    await settle(row, delivery);
    return delivery;
  }

  async function flushAll(deliver: (row: OutboxRow) => Promise<Delivery>): Promise<void> {
    for (const row of await all()) {
      if (asksFirst(row) || onTheWay.has(row.actionId)) continue;
      const delivery = await give(row.actionId, deliver);
      // A way back that the server cannot answer holds up no other click; the next one finds out whether the server is away.
      if (delivery && !delivery.taken && !delivery.trouble && row.takesBack === undefined) return;
    }
  }

  return {
    add: (row) =>
      database.transaction('rw', database.outbox, async () => {
        const back = (await all()).find(({ takesBack }) => takesBack === row.actionId);
        if (back?.trouble) return 'not undone';
        if (back || takenBack.has(row.actionId)) return 'taken back';
        await database.outbox.put({ ...row, trouble: null });
        return 'kept';
      }),
    async takeBack(row, deliver) {
      await track(row.actionId, keepAndGive(row, deliver));
    },
    find: (actionId) => database.outbox.get(actionId),
    async list() {
      // Of a way back that is being told nobody can say yet that it waits.
      const waiting = (await all()).filter((row) => row.takesBack === undefined || !onTheWay.has(row.actionId));
      return waiting.map((row) => ({
        actionId: row.actionId,
        applicationKey: row.applicationKey,
        kind: kindOf(row),
        text: row.trouble ? `${row.text}: ${row.trouble}` : row.text,
        clickedAt: row.clickedAt,
        needsConfirmation: asksFirst(row),
      }));
    },
    flush(deliver) {
      flushing ??= flushAll(deliver).finally(() => {
        flushing = undefined;
      });
      return flushing;
    },
    async confirm(actionId, deliver) {
      const confirmed = (row: OutboxRow) =>
        deliver(row.takesBack === undefined ? { ...row, body: { ...row.body, confirmedLate: true } } : row);
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

function kindOf({ path, takesBack }: OutboxRow): OutboxItem['kind'] {
  if (takesBack !== undefined) return 'way back';
  return path === PATHS.commands.send ? 'send' : 'other';
}
