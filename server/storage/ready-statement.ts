import { type Placeholder, type Query, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';

type Places<Name extends string> = { readonly [Key in Name]: Placeholder<Key> };

/**
 * A statement that is asked often, for `execute` of a database or a transaction: its text is made once, and only the values go in anew. To make
 * it for each asking takes the process longer than to send it. `build` is given a place for each of the `names`; values go to the driver as
 * they are, and none may stand in the text.
 */
export function readyStatement<Name extends string>(
  names: readonly Name[],
  build: (places: Places<Name>) => SQL,
): (values: Readonly<Record<Name, unknown>>) => SQLWrapper {
  let made: { text: string; order: Name[] } | null = null;
  const make = () => {
    const places = Object.fromEntries(names.map((name) => [name, sql.placeholder(name)])) as unknown as Places<Name>;
    const { sql: text, params } = new PgDialect().sqlToQuery(build(places));
    const order = params.map((param) => names.find((name) => places[name] === param) ?? notAPlace(text));
    return { text, order };
  };
  return (values) => {
    made ??= make();
    const { text, order } = made;
    return new Ready({ sql: text, params: order.map((name) => values[name]) }) as unknown as SQLWrapper;
  };
}

function notAPlace(text: string): never {
  throw new Error(`a value stands in a statement that is made once: ${text.slice(0, 80)}`);
}

/** What the layer of queries asks of a statement: itself, and then its text with the values. */
class Ready {
  readonly query: Query;
  constructor(query: Query) {
    this.query = query;
  }
  getSQL(): this {
    return this;
  }
  toQuery(): Query {
    return this.query;
  }
}
