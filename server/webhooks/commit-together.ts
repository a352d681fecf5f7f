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
  isGivenUp: boolean;
}

/** Group commit: whatever is added while a commit is under way shares the next one, and with it one wait for the disk. */
export function commitTogether<Item, Outcome>(options: TogetherOptions<Item, Outcome>): Together<Item, Outcome> {
  const { most, waitingBytes, withinMs, writers, sizeOf } = options;
  let queue: Waiting<Item, Outcome>[] = [];
  let bytesHeld = 0;
  let writing = 0;
  let isScheduled = false;

  const start = () => {
    isScheduled = false;
    while (writing < writers && queue.length > 0) {
      const group = take();
      if (group.length === 0) continue;
      writing += 1;
      void writeGroup(options, group).finally(() => {
        writing -= 1;
        start();
      });
    }
  };
  const take = () => {
    const group: Waiting<Item, Outcome>[] = [];
    let bytes = 0;
    let next = 0;
    for (; next < queue.length && group.length < most.items; next += 1) {
      const one = queue[next];
      if (!one || one.isGivenUp) continue;
      if (group.length > 0 && bytes + one.bytes > most.bytes) break;
      group.push(one);
      bytes += one.bytes;
    }
    queue = queue.slice(next);
    return group;
  };
  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        const bytes = sizeOf(item);
        if (bytesHeld + bytes > waitingBytes) return reject(new StoreBusy('too much waits for the store'));
        bytesHeld += bytes;
        const settle = (tell: () => void) => {
          clearTimeout(timer);
          if (!waiting.isGivenUp) tell();
          waiting.isGivenUp = true;
        };
        const waiting: Waiting<Item, Outcome> = {
          ...{ item, bytes, isGivenUp: false },
          resolve: (outcome) => {
            bytesHeld -= bytes;
            settle(() => resolve(outcome));
          },
          reject: (error) => {
            bytesHeld -= bytes;
            settle(() => reject(error));
          },
        };
        const timer = setTimeout(() => {
          const place = queue.indexOf(waiting);
          // What is being written is held until that ends.
          if (place >= 0) {
            queue.splice(place, 1);
            bytesHeld -= bytes;
          }
          settle(() => reject(new StoreBusy('the store did not answer in time')));
        }, withinMs);
        queue.push(waiting);
        if (isScheduled) return;
        isScheduled = true;
        // What arrives in the same turn goes into the same group.
        setImmediate(start);
      }),
  };
}

async function writeGroup<Item, Outcome>(
  options: TogetherOptions<Item, Outcome>,
  group: readonly Waiting<Item, Outcome>[],
): Promise<void> {
  try {
    const outcomes = await options.write(group.map(({ item }) => item));
    group.forEach((one, index) => {
      const outcome = outcomes[index];
      if (outcome === undefined) one.reject(new Error('the store gave no outcome'));
      else one.resolve(outcome);
    });
  } catch (error) {
    if (group.length === 1 || !options.mayBeOneOfThem(error)) {
      for (const one of group) one.reject(error);
      return;
    }
    const half = group.length >> 1;
    await writeGroup(options, group.slice(0, half));
    await writeGroup(options, group.slice(half));
  }
}
