import type { ZodType } from 'zod';
import type { ServerAnswer, ServerClient, ServerFailure, ServerRequest } from './server-client.ts';
import type { Pairing, TokenStore } from './token-store.ts';
import type { Words } from './words.ts';

export type Question = Omit<ServerRequest, 'serverUrl' | 'token'>;

/** Calls of the paired server with its token. */
export interface Connection {
  read(): Promise<Pairing | null>;
  ask<T>(question: Question, schema: ZodType<T>): Promise<ServerAnswer<T>>;
  askRaw(question: Question): Promise<ServerAnswer<{ status: number; body: unknown }>>;
  /** The pairing has ended: forget it and everything learned through it, unless another one was made meanwhile. */
  end(pairing: Pairing, why: { isRevoked: boolean }): Promise<void>;
}

export interface ConnectionInput {
  client: ServerClient;
  tokens: TokenStore;
  words: Words;
  /** Everything was forgotten; whoever shows something must stop showing it. */
  onEnded(): void;
}

export function createConnection({ client, tokens, words, onEnded }: ConnectionInput): Connection {
  async function end(pairing: Pairing, why: { isRevoked: boolean }): Promise<void> {
    const current = await tokens.read();
    if (current?.token !== pairing.token) return;
    await tokens.wipe(why);
    onEnded();
  }

  async function withPairing<T>(call: (pairing: Pairing) => Promise<ServerAnswer<T>>): Promise<ServerAnswer<T>> {
    const pairing = await tokens.read();
    if (!pairing) return { ok: false, failure: await whyNotConnected() };
    const answer = await call(pairing);
    if (!answer.ok && answer.failure.code === 'revoked') await end(pairing, { isRevoked: true });
    return answer;
  }

  async function whyNotConnected(): Promise<ServerFailure> {
    const code = (await tokens.wasRevoked()) ? 'revoked' : 'not-connected';
    return { code, text: words(`error.${code}`) };
  }

  return {
    read: tokens.read,
    ask: (question, schema) => withPairing(({ serverUrl, token }) => client.call({ ...question, serverUrl, token }, schema)),
    askRaw: (question) => withPairing(({ serverUrl, token }) => client.callRaw({ ...question, serverUrl, token })),
    end,
  };
}
