import * as z from 'zod';
import { type Actor, SOMEBODY } from '../acts/actor.ts';
import {
  createCustomField,
  createJob,
  createReason,
  createStage,
  createUser,
  retireCustomField,
  retireStage,
} from '../acts/company.ts';
import { anonymizeCandidate, deleteApplication, deleteCandidate, mergeCandidates, setPrivate } from '../acts/erasure.ts';
import { hireApplication, rejectApplication, unhireApplication, unrejectApplication } from '../acts/outcomes.ts';
import { createApplication, createCandidate, findOrCreateTag, tagCandidate, untagCandidate } from '../acts/people.ts';
import { advanceApplication, moveApplication, transferApplication } from '../acts/stages.ts';
import { NotThere } from '../refused.ts';
import { REASON_TYPES, type ReasonType } from '../world/records.ts';
import type { World } from '../world/world.ts';

const id = z.int().positive();
const name = z.string().min(1);
const application = z.strictObject({ applicationId: id });
const candidate = z.strictObject({ candidateId: id });
const nameOrNull = z.string().nullable().optional();

interface Act<Body, Result> {
  body: z.ZodType<Body>;
  run: (world: World, body: Body, by: Actor) => Result;
}
const act = <Body, Result>(body: z.ZodType<Body>, run: Act<Body, Result>['run']): Act<Body, Result> => ({ body, run });

/** What a person can do in Greenhouse, by name: the methods of the simulator, and `POST /control/acts/<name>`. */
const ACTS = {
  createUser: act(
    z.strictObject({
      firstName: name,
      lastName: name,
      email: z.email(),
      siteAdmin: z.boolean().optional(),
      seesPrivate: z.boolean().optional(),
      jobAdminOf: z.array(id).optional(),
      jobTitle: name.optional(),
    }),
    createUser,
  ),
  createJob: act(
    z.strictObject({
      name,
      requisitionId: name.optional(),
      stages: z.array(name).min(1),
      openings: z.int().min(0).optional(),
      recruiterId: id.optional(),
      status: z.enum(['open', 'draft', 'closed']).optional(),
    }),
    createJob,
  ),
  createStage: act(z.strictObject({ jobId: id, name }), createStage),
  retireStage: act(z.strictObject({ stageId: id }), retireStage),
  createReason: act(
    z.strictObject({ name, type: z.enum(Object.keys(REASON_TYPES) as ReasonType[]).optional(), builtIn: z.boolean().optional() }),
    createReason,
  ),
  createCustomField: act(
    z.strictObject({
      name,
      fieldType: z.enum(['application', 'candidate', 'job', 'rejection_question']),
      valueType: name,
      options: z.array(name).optional(),
      required: z.boolean().optional(),
    }),
    createCustomField,
  ),
  retireCustomField: act(z.strictObject({ fieldId: id }), retireCustomField),
  createCandidate: act(
    z.strictObject({
      firstName: nameOrNull,
      lastName: nameOrNull,
      email: nameOrNull,
      phone: name.optional(),
      title: name.optional(),
      company: name.optional(),
      private: z.boolean().optional(),
      tags: z.array(name).optional(),
      at: z.iso.datetime().optional(),
    }),
    (world, body, by) => createCandidate(world, by, body),
  ),
  createApplication: act(
    z.strictObject({
      candidateId: id,
      jobId: id.optional(),
      stageId: id.optional(),
      prospectiveJobIds: z.array(id).optional(),
      source: z.strictObject({ id, name }).nullable().optional(),
      at: z.iso.datetime().optional(),
    }),
    (world, body, by) => createApplication(world, by, body),
  ),
  move: act(z.strictObject({ applicationId: id, stageId: id }), (world, body, by) => moveApplication(world, by, body)),
  advance: act(application, (world, body, by) => advanceApplication(world, by, body)),
  transfer: act(z.strictObject({ applicationId: id, jobId: id }), (world, body, by) => transferApplication(world, by, body)),
  reject: act(z.strictObject({ applicationId: id, reasonId: id, notes: name.optional() }), (world, body, by) =>
    rejectApplication(world, by, body),
  ),
  unreject: act(application, (world, body, by) => unrejectApplication(world, by, body)),
  hire: act(
    z.strictObject({ applicationId: id, openingId: id.optional(), startsAt: z.iso.datetime().optional() }),
    (world, body, by) => hireApplication(world, by, body),
  ),
  unhire: act(application, (world, body, by) => unhireApplication(world, by, body)),
  tag: act(z.strictObject({ candidateId: id, tag: name }), (world, { candidateId, tag }, by) =>
    tagCandidate(world, by, { candidateId, tagId: findOrCreateTag(world, tag).id }),
  ),
  untag: act(z.strictObject({ candidateId: id, tag: name }), untagByName),
  setPrivate: act(z.strictObject({ candidateId: id, private: z.boolean() }), (world, body, by) => setPrivate(world, by, body)),
  mergeCandidates: act(z.strictObject({ keepId: id, dropId: id }), (world, body, by) => mergeCandidates(world, by, body)),
  deleteCandidate: act(candidate, (world, body, by) => deleteCandidate(world, by, body)),
  deleteApplication: act(application, (world, body, by) => deleteApplication(world, by, body)),
  anonymizeCandidate: act(z.strictObject({ candidateId: id, fields: z.array(name).optional() }), (world, body, by) =>
    anonymizeCandidate(world, by, body),
  ),
};

function untagByName(world: World, { candidateId, tag }: { candidateId: number; tag: string }, by: Actor): void {
  const rows = world.appliedTags.list((row) => row.candidateId === candidateId && world.tags.get(row.tagId).name === tag);
  if (!rows[0]) throw new NotThere(`The tag ${tag}`);
  untagCandidate(world, by, { appliedTagId: rows[0].id });
}

type Acts = typeof ACTS;
export type ActName = keyof Acts;
/** The acts as methods: each returns at once; the webhooks follow, `settle()` waits for them. */
export type ActMethods = {
  [Name in ActName]: (body: z.infer<Acts[Name]['body']>) => ReturnType<Acts[Name]['run']>;
};

/** Calls an act by name with an unread body. Throws ZodError, Refused or NotThere. */
export type DoAct = (name: ActName, body: unknown, by?: Actor) => unknown;

export function isActName(text: string): text is ActName {
  return Object.hasOwn(ACTS, text);
}

export function createDoAct(world: World, journal: (what: string, detail: Record<string, unknown>) => void): DoAct {
  return (actName, body, by = SOMEBODY) => {
    // The table's union of acts has no common body type; each parses its own.
    const { body: schema, run } = ACTS[actName] as Act<unknown, unknown>;
    const parsed = schema.parse(body);
    journal(actName, { body: parsed, by: by.name });
    return run(world, parsed, by);
  };
}

export function toMethods(doAct: DoAct): ActMethods {
  const entries = Object.keys(ACTS)
    .filter(isActName)
    .map((actName) => [actName, (body: unknown) => doAct(actName, body)]);
  return Object.fromEntries(entries) as ActMethods;
}
