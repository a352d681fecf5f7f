import type { HttpBindings } from '@hono/node-server';
import {
  type DocumentNode,
  execute,
  GraphQLError,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { CallWindow } from '../frame/call-window.ts';
import type { Failures } from '../frame/failures.ts';
import { type CallVariables, journalCalls } from '../frame/journal-calls.ts';
import { NotThere, Refused } from '../frame/problems.ts';
import { isSameSecret } from '../frame/same-secret.ts';
import type { CodesignalActs } from './acts.ts';
import { checkLimits } from './limits.ts';
import { createMutations, createQueries } from './resolvers.ts';
import { schema } from './schema.ts';
import type { CodesignalWorld } from './world.ts';

type Env = { Bindings: Partial<HttpBindings>; Variables: CallVariables };

const callSchema = z.strictObject({
  query: z.string().min(1),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
  extensions: z.unknown().optional(),
});

/** How every error looks. */
export const toErrorBody = (message: string, code = 'INTERNAL_SERVER_ERROR') => ({ errors: [{ message, extensions: { code } }] });

/** CodeSignal's GraphQL API at `POST /graphql`: operations are checked against the schema, then against the limits, then carried out. */
export function createApi(world: CodesignalWorld, acts: CodesignalActs, failures: Failures): Hono {
  const app = new Hono<Env>();
  const window = new CallWindow(() => new Date(world.now()));
  const roots = { query: createQueries(world), mutation: createMutations(world, acts) };
  app.use(journalCalls({ journal: world.journal, simulator: 'codesignal' }), failures.middleware, authenticate(world));
  app.post('/graphql', async (c) => {
    acts.lapse();
    if (!c.req.header('content-type')?.startsWith('application/json'))
      return c.json(toErrorBody('Content-Type must be application/json', 'BAD_REQUEST'), 400);
    const asked = readCall(await c.req.text());
    if ('problem' in asked) return c.json(asked.problem, 400);
    const { document, operation, variables } = asked;
    c.set('what', `${operation.operation} ${fieldsOf(operation).join(', ')}`);
    try {
      checkLimits({ document, operation, variables, pageLimit: world.settings.pageLimit });
    } catch (error) {
      if (error instanceof GraphQLError) return c.json(toErrorBody(error.message, 'GRAPHQL_VALIDATION_FAILED'), 400);
      throw error;
    }
    const isMutation = operation.operation === 'mutation';
    const rootValue = guard(world, window, isMutation ? roots.mutation : roots.query, isMutation);
    const answer = await execute({
      schema,
      document,
      rootValue,
      variableValues: variables,
      operationName: operation.name?.value,
    });
    // Variables that do not fit are found before anything is carried out: then there is no `data`.
    if (answer.data === undefined)
      return c.json({ errors: answer.errors?.map((error) => withCode(error, 'BAD_USER_INPUT')) }, 400);
    const isLimited = answer.errors?.some(({ extensions }) => extensions.code === 'RATE_LIMITED') ?? false;
    const errors = answer.errors && { errors: answer.errors.map((error) => withCode(error, 'INTERNAL_SERVER_ERROR')) };
    return c.json({ ...errors, data: answer.data }, isLimited && world.settings.limited === 'status' ? 429 : 200);
  });
  const whole = new Hono();
  whole.notFound((c) => c.json(toErrorBody(`${c.req.method} ${c.req.path} does not exist`), 404));
  return whole.route('/', app);
}

/** An error as it is sent: always with a code. */
function withCode(error: GraphQLError, code: string) {
  return { ...error.toJSON(), extensions: { code, ...error.extensions } };
}

type Asked = { document: DocumentNode; operation: OperationDefinitionNode; variables: Record<string, unknown> };

/** The one operation that is meant, or what is wrong with it. */
function readCall(text: string): Asked | { problem: unknown } {
  const problem = (message: string, code: string) => ({ problem: toErrorBody(message, code) });
  const call = callSchema.safeParse(toJson(text));
  if (!call.success) return problem(z.prettifyError(call.error), 'BAD_REQUEST');
  const { query, variables, operationName } = call.data;
  try {
    const document = parse(query);
    const errors = validate(schema, document);
    if (errors.length > 0)
      return {
        problem: { errors: errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')) },
      };
    const operation = getOperationAST(document, operationName);
    if (!operation) return problem('operationName does not name the one operation that is meant', 'OPERATION_RESOLUTION_FAILURE');
    return { document, operation, variables: variables ?? {} };
  } catch (error) {
    if (error instanceof GraphQLError) return problem(error.message, 'GRAPHQL_PARSE_FAILED');
    throw error;
  }
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Each field is counted and allowed by itself; what goes wrong in one is said in its words and leaves the others alone. */
function guard(world: CodesignalWorld, window: CallWindow, root: object, isMutation: boolean): Record<string, unknown> {
  const { settings } = world;
  const limit = isMutation ? settings.mutationsPerSecond : settings.queriesPerSecond;
  const guarded = Object.entries(root).map(([field, run]: [string, (input: unknown) => unknown]) => [
    field,
    (input: unknown) => {
      if (settings.permissions !== 'all' && !settings.permissions.includes(field))
        throw new GraphQLError('Access Denied', { extensions: { code: 'FORBIDDEN' } });
      if (limit !== null && window.take(field, { limit, windowSeconds: 1 }).isOver)
        throw new GraphQLError(`You are trying to access '${field}' too often`, { extensions: { code: 'RATE_LIMITED' } });
      try {
        return run(input);
      } catch (error) {
        if (error instanceof NotThere) throw new GraphQLError(error.message, { extensions: { code: 'NOT_FOUND' } });
        if (error instanceof Refused) throw new GraphQLError(error.message, { extensions: { code: 'BAD_USER_INPUT' } });
        throw error;
      }
    },
  ]);
  return Object.fromEntries(guarded);
}

function authenticate(world: CodesignalWorld) {
  return async (c: Context<Env>, next: () => Promise<void>) => {
    const given = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1] ?? '';
    if (world.settings.apiInPlan && isSameSecret(given, world.apiKey)) return next();
    return c.json(toErrorBody('Access Denied', 'UNAUTHENTICATED'), world.settings.badKey === 'status' ? 401 : 200);
  };
}

function fieldsOf({ selectionSet }: OperationDefinitionNode): string[] {
  return selectionSet.selections.map((selection) => ('name' in selection ? selection.name.value : '...'));
}
