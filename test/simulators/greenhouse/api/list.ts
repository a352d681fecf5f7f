import type { Stamped, Table } from '../world/table.ts';
import type { World } from '../world/world.ts';
import { type Call, needScope, needSiteAdmin, seesCandidate } from './call.ts';
import { unprocessable } from './errors.ts';
import { type Filter, ids, moment, readCommaList } from './filters.ts';

type Json = Record<string, unknown>;

export interface ListDefinition<Row extends Stamped> {
  path: string;
  scope: string;
  table: (world: World) => Table<Row>;
  /** Beside the common ones: ids, created_at, updated_at, fields, per_page, cursor. */
  filters: (world: World) => Record<string, Filter<Row>>;
  toJson: (row: Row, world: World) => Json;
  /** Whose data a row is; private candidates take their rows with them. */
  candidateOf?: (row: Row, world: World) => number | null;
  /** Rows left out unless the query asks for them. */
  narrow?: (query: URLSearchParams) => (row: Row) => boolean;
}

interface Page {
  query: URLSearchParams;
  /** Rows with smaller ids only: the order is id descending. */
  below: number | null;
}

/** A list as a bare array, with the next page in `Link`. Throws ApiError. */
export function answerList<Row extends Stamped>(call: Call, definition: ListDefinition<Row>): Response {
  needScope(call, definition.scope);
  needSiteAdmin(call);
  const page = readPage(call.url.searchParams, definition.path);
  const perPage = readPerPage(page.query);
  const matching = findRows(call, definition, page);
  const rows = matching.slice(0, perPage);
  const shape = readFields(page.query);
  const headers = matching.length > rows.length ? { Link: toLink(call, definition.path, page, rows.at(-1)) } : undefined;
  return Response.json(
    rows.map((row) => shape(definition.toJson(row, call.world))),
    { headers },
  );
}

function readPage(query: URLSearchParams, path: string): Page {
  const cursor = query.get('cursor');
  if (cursor === null) return { query, below: null };
  if ([...query].length > 1) throw unprocessable('When passing a cursor, do not include other query params.');
  const [where, below, text] = Buffer.from(cursor, 'base64url').toString('utf8').split('\n');
  if (where !== path || !/^\d+$/.test(below ?? '') || text === undefined) throw unprocessable('The cursor is not valid.');
  return { query: new URLSearchParams(text), below: Number(below) };
}

function toLink({ apiUrl }: Call, path: string, { query }: Page, last: Stamped | undefined): string {
  const cursor = Buffer.from(`${path}\n${last?.id}\n${query}`).toString('base64url');
  return `<${apiUrl}/v3${path}?cursor=${cursor}>; rel="next"`;
}

function readPerPage(query: URLSearchParams): number {
  const raw = query.get('per_page') ?? '100';
  const value = /^\d+$/.test(raw) ? Number(raw) : 0;
  if (value < 1 || value > 500) throw unprocessable({ per_page: 'must be between 1 and 500' });
  return value;
}

function findRows<Row extends Stamped>(call: Call, definition: ListDefinition<Row>, { query, below }: Page): Row[] {
  const { world } = call;
  const tests = readFilters(query, { ...commonFilters<Row>(), ...definition.filters(world) });
  tests.push(definition.narrow?.(query) ?? (() => true));
  tests.push((row) => below === null || row.id < below);
  tests.push((row) => !definition.candidateOf || seesCandidate(call, definition.candidateOf(row, world)));
  const rows = definition.table(world).list((row) => tests.every((test) => test(row)));
  return rows.sort((a, b) => b.id - a.id);
}

function commonFilters<Row extends Stamped>(): Record<string, Filter<Row>> {
  return { ids: ids((row) => row.id), created_at: moment((row) => row.createdAt), updated_at: moment((row) => row.updatedAt) };
}

function readFilters<Row>(query: URLSearchParams, filters: Record<string, Filter<Row>>): ((row: Row) => boolean)[] {
  const names = [...query.keys()].filter((name) => name !== 'per_page' && name !== 'fields');
  return names.map((name) => {
    const filter = filters[name];
    if (!filter) throw unprocessable({ [name]: 'is not a known parameter' });
    if (query.getAll(name).length > 1) throw unprocessable({ [name]: 'is given more than once' });
    return filter(query.get(name) ?? '', name);
  });
}

/** `fields`: only these keys are answered. */
function readFields(query: URLSearchParams): (json: Json) => Json {
  const raw = query.get('fields');
  if (raw === null) return (json) => json;
  const wanted = readCommaList(raw, 'fields');
  return (json) => {
    const unknown = wanted.find((name) => !(name in json));
    if (unknown) throw unprocessable({ fields: `${unknown} is not a field` });
    return Object.fromEntries(wanted.map((name) => [name, json[name]]));
  };
}
