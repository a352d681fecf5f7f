import { Pool, type PoolClient, type PoolConfig } from 'pg';

/**
 * What befalls one statement: `refused`: the database answers with an error instead. `cut before`: the connection breaks, and it never
 * arrives. `cut after`: it was carried out, and the connection breaks before its answer is here.
 */
export type StatementFault = 'refused' | 'cut before' | 'cut after';

interface FaultyPoolConfig extends PoolConfig {
  /** Asked before each statement, in the asynchronous context of whoever makes it. */
  faultOf(statement: string): StatementFault | null;
}

type Query = (...args: unknown[]) => Promise<unknown>;

/** Out of memory: https://www.postgresql.org/docs/current/errcodes-appendix.html (53200). */
const REFUSED = `do $$ begin raise exception 'injected fault' using errcode = '53200'; end $$`;

/** A pool in which any statement can go wrong, while whoever made it lives on and has to cope. */
export class FaultyPool extends Pool {
  constructor({ faultOf, ...config }: FaultyPoolConfig) {
    super(config);
    this.on('error', () => undefined);
    this.on('connect', (client) => client.on('error', () => undefined));
    const connect = this.connect.bind(this) as unknown as (callback?: unknown) => Promise<PoolClient>;
    this.connect = ((callback?: unknown) =>
      callback ? connect(callback) : connect().then((client) => toFaulty(client, faultOf))) as unknown as Pool['connect'];
    // By a session of its own, so that it is the caller's context in which the fault is asked for, and not that of who gave the session back.
    this.query = (async (...args: unknown[]) => {
      const client = await this.connect();
      try {
        return await (client.query as unknown as Query)(...args);
      } finally {
        client.release();
      }
    }) as unknown as Pool['query'];
  }
}

function toFaulty(client: PoolClient, faultOf: FaultyPoolConfig['faultOf']): PoolClient {
  const query = client.query.bind(client) as Query;
  let isCut = false;
  const cut = () => {
    isCut = true;
    // The socket alone: nothing is said to the database any more.
    (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    return Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' });
  };
  return new Proxy(client, {
    get(target, name) {
      if (name === 'query')
        return async (...args: unknown[]) => {
          const statement = textOf(args[0]);
          const fault = faultOf(statement);
          if (fault === null) return await query(...args);
          // The database never refuses to end a transaction or to give back a lock.
          if (fault === 'refused' && !/^\s*rollback|unlock/i.test(statement)) return await query(REFUSED);
          if (fault === 'cut after') await query(...args);
          throw cut();
        };
      if (name === 'release') return (error?: Error | boolean) => client.release(isCut ? true : error);
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function textOf(statement: unknown): string {
  return typeof statement === 'object' && statement !== null && 'text' in statement ? String(statement.text) : String(statement);
}

/** Whether an error is one that was injected here, or what follows from it in the same session. */
export function isInjected(error: string): boolean {
  return /injected fault|Connection terminated|Client was closed|not queryable|current transaction is aborted/.test(error);
}
