import type { StoredToken, TokenSlot, TokenStore } from '../../server/ats/token-store.ts';

/** The tokens of all processes of a test, with a lock that is as strict as the database's. */
export function createMemoryTokenStore(): TokenStore & { tokens: Map<string, StoredToken> } {
  const tokens = new Map<string, StoredToken>();
  const queues = new Map<string, Promise<unknown>>();
  const slotOf = (connectionId: string): TokenSlot => ({
    read: async () => tokens.get(connectionId) ?? null,
    write: async (token) => void tokens.set(connectionId, token),
    clear: async () => void tokens.delete(connectionId),
  });
  return {
    tokens,
    read: (connectionId) => slotOf(connectionId).read(),
    withMintLock(connectionId, mint) {
      const turn = (queues.get(connectionId) ?? Promise.resolve()).then(() => mint(slotOf(connectionId)));
      queues.set(
        connectionId,
        turn.catch(() => undefined),
      );
      return turn;
    },
  };
}
