/** The store does not answer in time, or too much waits for it already. Whether something was stored may be unknown. */
export class StoreBusy extends Error {
  override readonly name = 'StoreBusy';
}

export interface TogetherOptions<Item, Outcome> {
  /** Stores all or nothing, and resolves after the commit with one outcome for each, in order. */
  write(items: readonly Item[]): Promise<Outcome[]>;
  /** Whether one item among them may be the reason why nothing was stored; then each half is tried alone. */
  mayBeOneOfThem(error: unknown): boolean;
  sizeOf(item: Item): number;
  /** Of one group. An item that is larger goes alone. */
  most: { items: number; bytes: number };
  /** Of all that waits or is being written; what would be more is refused. */
  waitingBytes: number;
  /** From when an item was added until its outcome is known; then it is given up, and not written if that has not begun. */
  withinMs: number;
  /** Groups that are written at once: while one waits for the disk, another is sent. */
  writers: number;
  /**
   * So many that wait begin at once, also beside another group; fewer only when their turn ends, and beside another only when those
   * under way take so long.
   */
  beside: { items: number; afterMs: number };
}

export interface Together<Item, Outcome> {
  /** Resolves with its outcome after the commit; rejects with StoreBusy, or with what was wrong with this very item. */
  add(item: Item): Promise<Outcome>;
}

interface Waiting<Item, Outcome> {
  item: Item;
  bytes: number;
  resolve(outcome: Outcome): void;
  reject(error: unknown): void;
  arrivals: Arrivals<Item, Outcome>;
  /** Its adder has been told, perhaps that it was given up: then what it still comes to is nobody's answer. */
  isSettled: boolean;
}

/** Those that were added in the same turn: their time runs out together. */
interface Arrivals<Item, Outcome> {
  members: Waiting<Item, Outcome>[];
  unsettled: number;
  timer: NodeJS.Timeout;
}

/** Group commit: whatever is added while a commit is under way shares the next one, and with it one wait for the disk. */
export function commitTogether<Item, Outcome>(options: TogetherOptions<Item, Outcome>): Together<Item, Outcome> {
  const { most, waitingBytes, withinMs, writers, beside, sizeOf } = options;
  let queue: Waiting<Item, Outcome>[] = [];
  let bytesHeld = 0;
  let writing = 0;
  /** Of those, how many take long. */
  let slow = 0;
  let arrivals: Arrivals<Item, Outcome> | null = null;

  /** True once: whoever was told is told nothing else. */
  const settle = (one: Waiting<Item, Outcome>): boolean => {
    if (one.isSettled) return false;
    one.isSettled = true;
    const { arrivals: those } = one;
    those.unsettled -= 1;
    if (those.unsettled === 0) clearTimeout(those.timer);
    return true;
  };
  const end: Ends<Item, Outcome> = {
    stored(one, outcome) {
      bytesHeld -= one.bytes;
      if (settle(one)) one.resolve(outcome);
    },
    failed(one, error) {
      bytesHeld -= one.bytes;
      if (settle(one)) one.reject(error);
    },
  };
  const mayBegin = () => writing < writers && (slow === writing || queue.length >= beside.items);
  const start = () => {
    while (queue.length > 0 && mayBegin()) {
      const group = take();
      if (group.length > 0) void write(group);
    }
  };
  const write = async (group: readonly Waiting<Item, Outcome>[]) => {
    let isSlow = false;
    const patience = setTimeout(() => {
      isSlow = true;
      slow += 1;
      start();
    }, beside.afterMs);
    writing += 1;
    await writeGroup(options, end, group);
    clearTimeout(patience);
    writing -= 1;
    if (isSlow) slow -= 1;
    start();
  };
  const take = () => {
    const group: Waiting<Item, Outcome>[] = [];
    let bytes = 0;
    let next = 0;
    for (; next < queue.length && group.length < most.items; next += 1) {
      const one = queue[next];
      if (!one || one.isSettled) continue;
      if (group.length > 0 && bytes + one.bytes > most.bytes) break;
      group.push(one);
      bytes += one.bytes;
    }
    queue = queue.slice(next);
    return group;
  };
  const endOfTurn = () => {
    arrivals = null;
    start();
  };
  /** What is being written is held until that ends. */
  const giveUp = (late: Arrivals<Item, Outcome>) => {
    const left = late.members.filter(({ isSettled }) => !isSettled);
    const waiting = new Set(queue);
    for (const one of left) if (waiting.has(one)) bytesHeld -= one.bytes;
    for (const one of left) if (settle(one)) one.reject(new StoreBusy('the store did not answer in time'));
    queue = queue.filter(({ isSettled }) => !isSettled);
  };
  const arrive = (): Arrivals<Item, Outcome> => {
    // Where all of them have had their answer already, their time runs no more.
    if (arrivals && arrivals.unsettled > 0) return arrivals;
    const fresh: Arrivals<Item, Outcome> = { members: [], unsettled: 0, timer: setTimeout(() => giveUp(fresh), withinMs) };
    // What arrives in the same turn goes into the same group.
    setImmediate(endOfTurn);
    arrivals = fresh;
    return fresh;
  };
  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        const bytes = sizeOf(item);
        if (bytesHeld + bytes > waitingBytes) return reject(new StoreBusy('too much waits for the store'));
        bytesHeld += bytes;
        const those = arrive();
        const one = { item, bytes, resolve, reject, arrivals: those, isSettled: false };
        those.members.push(one);
        those.unsettled += 1;
        queue.push(one);
        // The database is at work on them while the rest of the turn is read.
        if (queue.length >= beside.items) start();
      }),
  };
}

/** What became of one that was being written. */
interface Ends<Item, Outcome> {
  stored(one: Waiting<Item, Outcome>, outcome: Outcome): void;
  failed(one: Waiting<Item, Outcome>, error: unknown): void;
}

async function writeGroup<Item, Outcome>(
  options: TogetherOptions<Item, Outcome>,
  end: Ends<Item, Outcome>,
  group: readonly Waiting<Item, Outcome>[],
): Promise<void> {
  try {
    const outcomes = await options.write(group.map(({ item }) => item));
    group.forEach((one, index) => {
      const outcome = outcomes[index];
      if (outcome === undefined) end.failed(one, new Error('the store gave no outcome'));
      else end.stored(one, outcome);
    });
  } catch (error) {
    if (group.length === 1 || !options.mayBeOneOfThem(error)) {
      for (const one of group) end.failed(one, error);
      return;
    }
    const half = group.length >> 1;
    await writeGroup(options, end, group.slice(0, half));
    await writeGroup(options, end, group.slice(half));
  }
}
