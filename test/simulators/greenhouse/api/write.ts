import type * as z from 'zod';
import type { Application, Candidate } from '../world/records.ts';
import { type Call, needScope, needWriter, seesCandidate } from './call.ts';
import { notFound, unprocessable } from './errors.ts';

/** A write: checked for scope first, then for the body, then for what it is about. */
export interface WriteDefinition<Body> {
  method: 'post' | 'patch' | 'delete';
  /** ":id" stands for the number in the path. */
  path: string;
  scope: string;
  body: z.ZodType<Body> | null;
  run: (call: Call, body: Body, id: number) => Response;
}

/** Keeps the body's type between its schema and `run`, then forgets it. */
export function defineWrite<Body>(definition: WriteDefinition<Body>): AnyWrite {
  const { method, path, scope, body, run } = definition;
  return {
    method,
    path,
    answer(call, json, id) {
      needScope(call, scope);
      return run(call, body === null ? (undefined as Body) : parseBody(body, json), id);
    },
  };
}

export interface AnyWrite {
  method: 'post' | 'patch' | 'delete';
  path: string;
  answer: (call: Call, json: unknown, id: number) => Response;
}

function parseBody<Body>(schema: z.ZodType<Body>, json: unknown): Body {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const entries = result.error.issues.map((issue) =>
    issue.path.length > 0 ? { [issue.path.join('.')]: issue.message } : issue.message,
  );
  throw unprocessable(...entries);
}

/** 204: the state is to be read again. */
export function emptyAnswer(): Response {
  return new Response(null, { status: 204 });
}

/** Throws 404 when there is none, or none for this caller; 403 when the caller may not write to it. */
export function needApplication(call: Call, id: number): Application {
  const application = call.world.applications.find(id);
  if (!application || !seesCandidate(call, application.candidateId)) throw notFound();
  needWriter(call, [application.jobId]);
  return application;
}

/** As `needApplication`. Inferred: an id in the body that does not exist is a 422, not a 404. */
export function needCandidate(call: Call, id: number, field?: string): Candidate {
  const candidate = call.world.candidates.find(id);
  if (!candidate || !seesCandidate(call, id)) throw field ? unprocessable({ [field]: 'does not exist' }) : notFound();
  const jobIds = call.world.applicationsOf(id).map((application) => application.jobId);
  needWriter(call, jobIds);
  return candidate;
}
