import { AsyncLocalStorage } from 'node:async_hooks';
import { Pool, type PoolClient, type PoolConfig } from 'pg';

/**
 * Crashes in one process. A piece of work that is run as a life may die at any of its points: before or after a statement of the database,
 * before or after a call to the outside. From then on nothing of it gets through any more, its transaction is rolled back by the database
 * because the connection is cut, its locks are gone, and what it held otherwise (a lease) stays as it was: as after kill -9.
 */
interface Life {
  /** Points left; dead at 0. */
  left: number;
  isDead: boolean;
  /** Where it died. */
  diedAt: string | null;
}

/** What a point throws in the life that ends there, and ever after. */
class Died extends Error {}

const lives = new AsyncLocalStorage<Life | null>();

export type Ended<T> = { kind: 'lived'; value: T; points: number } | { kind: 'died'; at: string };

/** Runs `work` until its end or, after `points` points, its death. Errors that are no death are passed on. */
export async function liveFor<T>(points: number, work: () => Promise<T>): Promise<Ended<T>> {
  const life: Life = { left: points, isDead: false, diedAt: null };
  try {
    const value = await lives.run(life, work);
    if (!life.isDead) return { kind: 'lived', value, points: points - life.left };
  } catch (error) {
    if (!life.isDead) throw error;
  }
  return { kind: 'died', at: life.diedAt ?? '' };
}

/** Runs `work` as somebody else, who does not die with the one who calls. */
export function asSomebodyElse<T>(work: () => Promise<T>): Promise<T> {
  return lives.run(null, work);
}

/** A moment at which it may be over. */
export function point(where: string): void {
  const life = lives.getStore();
  if (!life) return;
  if (!life.isDead) {
    life.left -= 1;
    if (life.left >= 0) return;
    life.isDead = true;
    life.diedAt = where;
  }
  throw new Died(`died ${where}`);
}

/** It is over here for whoever asks, if they are mortal at all. */
export function die(where: string): void {
  const life = lives.getStore();
  if (life && !life.isDead) life.left = 0;
  point(where);
}

function isDead(): boolean {
  return lives.getStore()?.isDead === true;
}

type Query = (...args: unknown[]) => Promise<unknown>;

/** A pool whose statements are points of whoever asks; a session that somebody died in is cut. */
export class MortalPool extends Pool {
  constructor(config: PoolConfig) {
    super(config);
    this.on('error', () => undefined);
    const query = this.query.bind(this) as Query;
    this.query = ((...args: unknown[]) => asPoint(args, () => query(...prepared(args)))) as Pool['query'];
    const connect = this.connect.bind(this) as unknown as (callback?: unknown) => Promise<PoolClient>;
    // The pool itself asks with a callback.
    this.connect = ((callback?: unknown) =>
      callback ? connect(callback) : connect().then(toMortal)) as unknown as Pool['connect'];
  }
}

async function asPoint(args: readonly unknown[], run: () => Promise<unknown>): Promise<unknown> {
  const what = nameOf(args[0]);
  point(`before "${what}"`);
  const answer = await run();
  point(`after "${what}"`);
  return answer;
}

interface Mortal {
  client: PoolClient;
  /** It is given out anew. */
  taken(): void;
}
/** Kept with its session, as the query layer keeps what it makes for one. */
const mortals = new WeakMap<PoolClient, Mortal>();

function toMortal(client: PoolClient): PoolClient {
  const mortal = mortals.get(client) ?? makeMortal(client);
  mortals.set(client, mortal);
  mortal.taken();
  return mortal.client;
}

/** A session is cut at the moment of death: whoever died cannot be relied on to give it back. */
function makeMortal(client: PoolClient): Mortal {
  const query = client.query.bind(client) as Query;
  let isBack = false;
  const giveBack = (error?: Error | boolean) => {
    if (!isBack) client.release(error);
    isBack = true;
  };
  const proxy = new Proxy(client, {
    get(target, name) {
      if (name === 'query')
        return async (...args: unknown[]) => {
          try {
            return await asPoint(args, () => query(...prepared(args)));
          } finally {
            if (isDead()) giveBack(true);
          }
        };
      if (name === 'release') return (error?: Error | boolean) => giveBack(isDead() ? true : error);
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return {
    client: proxy,
    taken() {
      isBack = false;
    },
  };
}

const NAMES_MAX = 500;
const names = new Map<string, string>();

/**
 * The same statement under a name, which the database then need not parse and plan anew each time: of thousands of histories that is a
 * third of its work. What is asked and answered stays as it is.
 */
function prepared(args: unknown[]): unknown[] {
  const [statement, ...values] = args;
  if (typeof statement !== 'object' || statement === null || !('text' in statement) || values.length === 0) return args;
  const text = String(statement.text);
  const name = names.get(text) ?? (names.size < NAMES_MAX ? `s${names.size}` : null);
  if (name === null) return args;
  names.set(text, name);
  return [{ ...statement, name }, ...values];
}

/** Enough of a statement to recognise it. */
function nameOf(statement: unknown): string {
  const text =
    typeof statement === 'object' && statement !== null && 'text' in statement ? String(statement.text) : String(statement);
  const [, table] = /"tagalong"\."(\w+)"/.exec(text) ?? [];
  return table ? `${text.split(' ', 1)[0]} ${table}` : text.slice(0, 40);
}
