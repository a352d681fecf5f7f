/**
 * Reads that many ask for at once, made once for all of them, by key. Whoever asks gets a reading that began after the asking, never one
 * that was under way: so nobody rests on what was changed before, and yet one reading serves all who came while the one before it ran.
 */
export function readTogether<Key, Value>(read: (key: Key) => Promise<Value>): (key: Key) => Promise<Value> {
  const underWay = new Map<Key, { running: Promise<unknown>; next: Promise<Value> | null }>();

  const start = (key: Key): Promise<Value> => {
    const running = read(key);
    const state: { running: Promise<unknown>; next: Promise<Value> | null } = { running, next: null };
    underWay.set(key, state);
    const end = () => {
      if (underWay.get(key) === state) underWay.delete(key);
    };
    running.then(end, end);
    return running;
  };
  return (key) => {
    const state = underWay.get(key);
    if (!state) return start(key);
    state.next ??= state.running.then(
      () => start(key),
      () => start(key),
    );
    return state.next;
  };
}
