import { z } from 'zod';
import type { BackgroundProtocol, Refusal } from '../contract/messages.ts';
import { pairAnswerSchema, pairRequestSchema } from '../contract/pairing.ts';
import { memberSchema, type Waiting, waitingSchema } from '../contract/panel.ts';
import { PATHS } from '../contract/paths.ts';
import { isCompanyHost } from '../domain/greenhouse-host.ts';
import type { Connection } from './connection.ts';
import { readServerAddress } from './server-address.ts';
import { type ServerClient, toRefusal } from './server-client.ts';
import type { TokenStore } from './token-store.ts';
import type { Words } from './words.ts';

type Answers<Name extends keyof BackgroundProtocol> = Promise<ReturnType<BackgroundProtocol[Name]>>;
type Asked<Name extends keyof BackgroundProtocol> = Parameters<BackgroundProtocol[Name]>[0];

/** What popup and options ask: pairing, status, what waits, and the admin API. */
export interface Account {
  getStatus(): Answers<'getStatus'>;
  pair(message: Asked<'pair'>): Answers<'pair'>;
  unpair(): Promise<void>;
  getWaiting(): Promise<Waiting | Refusal>;
  callApi(message: Asked<'callApi'>): Answers<'callApi'>;
}

const NOT_CONNECTED = { link: 'not-connected', serverUrl: null, member: null, pageHosts: [] as string[] } as const;

/** An older server knows no page hosts; whatever a server says, no other site is ever asked for. */
const meSchema = z.object({
  member: memberSchema,
  pageHosts: z
    .array(z.string())
    .default([])
    .transform((hosts) => hosts.filter(isCompanyHost)),
});

export interface AccountInput {
  client: ServerClient;
  connection: Connection;
  tokens: TokenStore;
  words: Words;
  /** "Chrome on linux": what an admin sees in the list of connected browsers. */
  device(): Promise<string>;
  /** Whether the browser lets us talk to this origin. */
  mayReach(origin: string): Promise<boolean>;
  onPaired(): void;
}

export function createAccount({ client, connection, tokens, words, device, mayReach, onPaired }: AccountInput): Account {
  const refuse = (refused: Refusal['refused'], message: string): Refusal => ({ refused, message });

  async function pair({ serverUrl, code, name }: Asked<'pair'>) {
    const address = readServerAddress(serverUrl);
    if ('wrong' in address) return refuse('invalid', words(`error.${address.wrong}`));
    const { data: body, error } = pairRequestSchema.safeParse({ code, name, device: await device() });
    if (!body) return refuse('invalid', error.issues[0]?.message ?? '');
    const answer = await client.call({ serverUrl: address.origin, method: 'POST', path: PATHS.pair, body }, pairAnswerSchema);
    if (!answer.ok) return (await explainSilence(address.origin, answer.failure.code)) ?? toRefusal(answer.failure);
    const { token, member, company } = answer.value;
    // What another server or person has left here is not theirs to see.
    await tokens.wipe();
    await tokens.save({ serverUrl: address.origin, token, member, company });
    onPaired();
    return { member };
  }

  /** Our server lets extensions in by itself (CORS); without the browser's permission the local network may still be closed. */
  async function explainSilence(origin: string, code: string): Promise<Refusal | null> {
    if (code !== 'offline' || (await mayReach(origin))) return null;
    return refuse('forbidden', words('error.no-site-access', [origin]));
  }

  return {
    pair,
    async getStatus() {
      const pairing = await connection.read();
      if (!pairing) return NOT_CONNECTED;
      const answer = await connection.ask({ path: PATHS.me }, meSchema);
      if (!answer.ok && answer.failure.code === 'revoked') return NOT_CONNECTED;
      const member = answer.ok ? answer.value.member : pairing.member;
      if (answer.ok) await tokens.save({ ...pairing, member });
      const isAway = !answer.ok && answer.failure.code === 'offline';
      return {
        link: isAway ? 'offline' : 'live',
        serverUrl: pairing.serverUrl,
        member,
        pageHosts: answer.ok ? answer.value.pageHosts : [],
      };
    },
    async unpair() {
      const pairing = await connection.read();
      if (!pairing) return;
      // Forgetting here does not wait for the server: an admin can end the token there at any time.
      await connection.askRaw({ method: 'DELETE', path: PATHS.me });
      await connection.end(pairing, { isRevoked: false });
    },
    async getWaiting() {
      const answer = await connection.ask({ path: PATHS.waiting }, waitingSchema);
      return answer.ok ? answer.value : toRefusal(answer.failure);
    },
    async callApi({ method, path, body }) {
      // A path, never an address: the token goes to the paired server alone.
      if (!/^\/api\/[\w./?&=%,:~@!'()*-]*$/.test(path) || path.includes('..')) return refuse('invalid', words('error.invalid'));
      const answer = await connection.askRaw({ method, path, body });
      return answer.ok ? answer.value : toRefusal(answer.failure);
    },
  };
}
