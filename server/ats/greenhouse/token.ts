/**
 * Access tokens of Greenhouse Harvest v3: OAuth client credentials at https://auth.greenhouse.io/token.
 * https://harvestdocs.greenhouse.io/docs/authentication
 *
 * A new token may revoke the earlier one of the same client (reported by others, not confirmed by Greenhouse). So all processes
 * share them, each is minted under a lock, and whoever is told 401 first looks whether somebody else has minted meanwhile. There is one
 * for each user in whose name something is written (`sub`); where only one token lives at a time (`singleToken`), a call that was told
 * 401 is made once more while nobody can mint for somebody else.
 */
import { createHash } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { HttpClient } from '../../outbound/http.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { OneToken, StoredToken, TokenSlot, TokenStore } from '../token-store.ts';
import { type GreenhouseToken, greenhouseTokenSchema } from './schemas.ts';

export interface GreenhouseTokens {
  /** For a Greenhouse user, or for the one who acts by default. */
  get(userId?: string | null): Promise<CallResult<string>>;
  /** Another token than the one that was refused. */
  renew(refused: string, userId?: string | null): Promise<CallResult<string>>;
  /** Makes the call once more, with another token than the one that was refused. */
  callAgain<T>(given: { refused: string; userId: string | null; call: CallWith<T> }): Promise<CallResult<T>>;
}

type CallWith<T> = (token: string) => Promise<CallResult<T>>;

/** Whose token is asked for, and the one that is of no use any more. */
interface Wanted {
  userId: string | null;
  refused: string | null;
}

type Failure = Extract<CallResult<never>, { ok: false }>;

export interface GreenhouseCredential {
  authUrl: string;
  clientId: string;
  clientSecret: string;
  /** The Greenhouse user to act as; empty: the credential's own service user. */
  serviceUserId: string;
}

interface TokenDependencies {
  http: HttpClient;
  store: TokenStore;
  clock: Clock;
  connectionId: string;
  credential: GreenhouseCredential;
  /** The account in which a new token revokes the earlier one, whoever it was for. */
  singleToken?: boolean;
}

/** Tokens of more users than write within an hour are not worth keeping. */
const MAX_KEPT = 200;
/** Renewed a minute early, so that a token does not end between our look at it and Greenhouse's; one that lives shortly, half-way. */
const MARGIN_MS = 60_000;
/**
 * So long what was read of the store serves the calls of this process: a re-read takes several, one after the other. A token that was revoked
 * meanwhile is answered 401, which leads to the store: it costs the calls that had begun by then once more.
 */
const READ_AGAIN_AFTER_MS = 1000;
/** When the answer names no expiry. The documented lifetime is an hour; half of it costs one call more. */
const DEFAULT_LIFETIME_MS = 30 * 60_000;

/**
 * A source of bearer tokens; within the process at most one is being minted at a time. Where a minting ends without any answer, those who
 * had been waiting for their turn by then fail in the same way, unless their token has been stored meanwhile: a queue waits for silence
 * once, not once for each who stands in it. Who asks afterwards tries again.
 */
export function createGreenhouseTokens(dependencies: TokenDependencies): GreenhouseTokens {
  const { store, clock, connectionId, credential, singleToken = false } = dependencies;
  const inFlight = new Map<string, Promise<CallResult<string>>>();
  let lastTurn: Promise<unknown> = Promise.resolve();
  let lastSilence: Failure | null = null;
  let known: { stored: StoredToken | null; at: number } | null = null;

  const actingAs = (userId: string | null): GreenhouseCredential =>
    userId ? { ...credential, serviceUserId: userId } : credential;
  const isAlive = ({ expiresAt, renewAt }: OneToken) =>
    (renewAt === undefined ? Date.parse(expiresAt) - MARGIN_MS : Date.parse(renewAt)) > clock.now().getTime();

  const findUsable = (stored: StoredToken | null, { userId, refused }: Wanted): string | null => {
    const fingerprint = fingerprintOf(actingAs(userId));
    const all: OneToken[] = stored ? [stored, ...(stored.more ?? [])] : [];
    return all.find((one) => one.credential === fingerprint && one.accessToken !== refused && isAlive(one))?.accessToken ?? null;
  };

  const readNow = async (): Promise<StoredToken | null> => {
    const at = clock.now().getTime();
    const stored = await store.read(connectionId);
    known = { stored, at };
    return stored;
  };

  /** Anew each time where each token ends the one before: there the one of a second ago is often over. */
  const readLately = async (): Promise<StoredToken | null> => {
    const now = clock.now().getTime();
    const isFresh = known !== null && now >= known.at && now < known.at + READ_AGAIN_AFTER_MS;
    return known && isFresh && !singleToken ? known.stored : await readNow();
  };

  /** What is still alive is kept beside the new one, unless the new one has ended it. */
  const keptBeside = (stored: StoredToken | null, fingerprint: string): OneToken[] => {
    if (singleToken || !stored) return [];
    const { accessToken, expiresAt, renewAt, credential: of } = stored;
    return [{ accessToken, expiresAt, renewAt, credential: of }, ...(stored.more ?? [])]
      .filter((one) => one.credential !== fingerprint && isAlive(one))
      .slice(0, MAX_KEPT);
  };

  const findOrMint = async (slot: TokenSlot, wanted: Wanted): Promise<CallResult<string>> => {
    known = null;
    const stored = await slot.read();
    const meanwhile = findUsable(stored, wanted);
    if (meanwhile !== null) return succeed(meanwhile);
    const acting = actingAs(wanted.userId);
    let isAnswered = false;
    const minted = await requestToken({ ...dependencies, credential: acting }, () => {
      isAnswered = true;
    });
    if (!minted.ok) {
      if (minted.kind === 'unreachable' && !isAnswered) lastSilence = minted;
      return minted;
    }
    const fingerprint = fingerprintOf(acting);
    const now = clock.now();
    const expiresAt = expiryOf(minted.value, now);
    await slot.write({
      accessToken: minted.value.access_token,
      expiresAt: expiresAt.toISOString(),
      renewAt: renewalOf(expiresAt, now).toISOString(),
      credential: fingerprint,
      more: keptBeside(stored, fingerprint),
    });
    known = null;
    return succeed(minted.value.access_token);
  };

  /** In this process one after the other: each that waits for the lock of all processes holds a connection to the database. */
  const inTurn = <T>(wanted: Wanted, work: (slot: TokenSlot) => Promise<CallResult<T>>): Promise<CallResult<T>> => {
    const before = lastSilence;
    const turn = lastTurn.then(async () => {
      const since = lastSilence === before ? null : lastSilence;
      // Read without the lock: another process that meets the same silence would hold it as long again.
      if (since !== null && findUsable(await readNow(), wanted) === null) return since;
      return await store.withMintLock(connectionId, work);
    });
    lastTurn = turn.catch(() => undefined);
    return turn;
  };

  const mintOnce = (wanted: Wanted) => {
    const key = `${wanted.userId ?? ''} ${wanted.refused ?? ''}`;
    const running = inFlight.get(key) ?? inTurn(wanted, (slot) => findOrMint(slot, wanted)).finally(() => inFlight.delete(key));
    inFlight.set(key, running);
    return running;
  };

  return {
    async get(userId = null) {
      const wanted: Wanted = { userId, refused: null };
      const lately = findUsable(await readLately(), wanted);
      if (lately !== null) return succeed(lately);
      // Minted within the second, it must not wait for the minting of others.
      const stored = findUsable(await readNow(), wanted);
      return stored === null ? mintOnce(wanted) : succeed(stored);
    },
    renew: (refused, userId = null) => mintOnce({ userId, refused }),
    async callAgain({ refused, userId, call }) {
      const callWith = async (token: CallResult<string>) => (token.ok ? call(token.value) : token);
      const wanted: Wanted = { userId, refused };
      if (!singleToken) return callWith(await mintOnce(wanted));
      // Inside the lock nobody mints for another user, so that this token lives as long as the call.
      return inTurn(wanted, async (slot) => callWith(await findOrMint(slot, wanted)));
    },
  };
}

async function requestToken({ http, credential }: TokenDependencies, onAnswer: () => void): Promise<CallResult<GreenhouseToken>> {
  const answer = await http.request({
    method: 'POST',
    url: `${credential.authUrl.replace(/\/+$/, '')}/token`,
    headers: { authorization: basicAuthorization(credential), accept: 'application/json' },
    form: {
      grant_type: 'client_credentials',
      ...(credential.serviceUserId ? { sub: credential.serviceUserId } : {}),
    },
    // A lost answer costs nothing but another token.
    write: false,
    onAnswer,
  });
  if (!answer.ok) return mintFailure(answer, credential);
  const token = greenhouseTokenSchema.safeParse(answer.value.body);
  if (!token.success) return { ok: false, kind: 'unreadable', detail: 'Greenhouse answered without an access token' };
  return succeed(token.data);
}

/**
 * Whatever failed here, the call it was for has not been made. A malformed client id is answered 400 with the id in the message:
 * a refusal of the credential all the same, and nothing for a log.
 */
function mintFailure(failure: Failure, credential: GreenhouseCredential): Failure {
  const detail = [credential.clientId, credential.clientSecret]
    .filter(Boolean)
    .reduce((text, hidden) => text.replaceAll(hidden, '[hidden]'), failure.detail);
  if (failure.kind === 'ambiguous') return { ok: false, kind: 'unreachable', detail } as const;
  if (failure.kind === 'refused' || failure.kind === 'forbidden' || failure.kind === 'not-found') {
    return { ok: false, kind: 'unauthorised', status: failure.status, detail } as const;
  }
  return { ...failure, detail };
}

/** `Basic` with client id and secret; also what `/introspect` asks for. */
export function basicAuthorization({ clientId, clientSecret }: GreenhouseCredential): string {
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
}

function expiryOf(token: GreenhouseToken, now: Date): Date {
  if (token.expires_in) return new Date(now.getTime() + token.expires_in * 1000);
  const named = token.expires_at ?? token.expires;
  // Inferred: a number here would be seconds since 1970, as in JWTs.
  const at = typeof named === 'number' ? new Date(named * 1000) : new Date(named ?? '');
  // A new token that has ended already is one of a clock that is not ours.
  return at.getTime() > now.getTime() ? at : new Date(now.getTime() + DEFAULT_LIFETIME_MS);
}

function renewalOf(expiresAt: Date, now: Date): Date {
  const lifetime = expiresAt.getTime() - now.getTime();
  return new Date(now.getTime() + Math.max(lifetime - MARGIN_MS, lifetime / 2));
}

function fingerprintOf({ authUrl, clientId, serviceUserId }: GreenhouseCredential): string {
  return createHash('sha256')
    .update(JSON.stringify([authUrl, clientId, serviceUserId]))
    .digest('hex');
}
