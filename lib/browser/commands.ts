import { type ZodType, z } from 'zod';
import type { Refusal } from '../contract/messages.ts';
import {
  attachCommandSchema,
  type ChangeChoices,
  type CommandAnswer,
  changeChoicesSchema,
  changeCommandSchema,
  commandAnswerSchema,
  correctEmailCommandSchema,
  type ExtraTime,
  enterResultCommandSchema,
  extendCommandSchema,
  extraTimeCommandSchema,
  extraTimeSchema,
  findOutsideSchema,
  invitationCommandSchema,
  moveCommandSchema,
  type OutsideFound,
  outsideFoundSchema,
  type PanelView,
  sendCommandSchema,
} from '../contract/panel.ts';
import { PATHS } from '../contract/paths.ts';
import type { CandidateReference } from '../domain/candidate-reference.ts';
import type { Connection } from './connection.ts';
import { type Copy, type CopyStore, isShownOn } from './copy-store.ts';
import type { OutboxRow } from './database.ts';
import type { Delivery, Outbox } from './outbox.ts';
import { toRefusal } from './server-client.ts';
import type { Words } from './words.ts';

interface CommandKind {
  path: string;
  schema: ZodType<CommandBody>;
  /** Kept while the server is away. The others only make sense at once. */
  isKept: boolean;
}

interface CommandBody {
  actionId: string;
  page: CandidateReference;
  applicationKey: string;
  clickedAt: string;
  invitationId?: string | null;
  assessmentId?: string;
}

const COMMANDS = {
  send: { path: PATHS.commands.send, schema: sendCommandSchema, isKept: true },
  undo: { path: PATHS.commands.undo, schema: invitationCommandSchema, isKept: false },
  cancelInvitation: { path: PATHS.commands.cancel, schema: invitationCommandSchema, isKept: true },
  sendAgain: { path: PATHS.commands.sendAgain, schema: invitationCommandSchema, isKept: true },
  markSent: { path: PATHS.commands.markSent, schema: invitationCommandSchema, isKept: true },
  closeReview: { path: PATHS.commands.closeReview, schema: invitationCommandSchema, isKept: true },
  // What was so when it was clicked may not be so hours later: then the candidate has begun, or the deadline is over.
  resend: { path: PATHS.commands.resend, schema: invitationCommandSchema, isKept: false },
  extend: { path: PATHS.commands.extend, schema: extendCommandSchema, isKept: false },
  // Nothing about a person's health is kept in a browser.
  setExtraTime: { path: PATHS.commands.extraTime, schema: extraTimeCommandSchema, isKept: false },
  correctEmail: { path: PATHS.commands.correctEmail, schema: correctEmailCommandSchema, isKept: false },
  // What the vendor knows now may be otherwise by then.
  attach: { path: PATHS.commands.attach, schema: attachCommandSchema, isKept: false },
  enterResult: { path: PATHS.commands.enterResult, schema: enterResultCommandSchema, isKept: true },
  move: { path: PATHS.commands.move, schema: moveCommandSchema, isKept: true },
  // Hours later nobody should be rejected by a click of the morning.
  change: { path: PATHS.commands.change, schema: changeCommandSchema, isKept: false },
} as const satisfies Record<string, CommandKind>;
export type CommandName = keyof typeof COMMANDS;

export interface Commands {
  /**
   * Carries out a click. `page` is whom the tab shows now; the click names the application that was shown. When they do
   * not belong together nothing is sent. A click that the server could not be told is kept and `queued`.
   */
  run(name: CommandName, click: object, page: CandidateReference | null): Promise<CommandAnswer | Refusal>;
  copyLink(click: object, page: CandidateReference | null): Promise<{ link: string } | Refusal>;
  /** Invitations of the candidate that were made at the vendor by hand. */
  findOutside(
    question: { applicationKey: string; assessmentId: string },
    page: CandidateReference | null,
  ): Promise<OutsideFound | Refusal>;
  /** What there is to choose for a change. */
  getChoices(question: { applicationKey: string; change: string }): Promise<ChangeChoices | Refusal>;
  /** For the asking recruiter; never kept. */
  getExtraTime(question: { applicationKey: string; invitationId?: string }): Promise<ExtraTime | Refusal>;
  /** Hands a kept click to the server. */
  deliver(row: OutboxRow): Promise<Delivery>;
}

export interface CommandsInput {
  connection: Connection;
  copies: CopyStore;
  outbox: Outbox;
  words: Words;
}

export function createCommands({ connection, copies, outbox, words }: CommandsInput): Commands {
  const refuse = (refused: Refusal['refused'], message = words(`error.${refused}`)): Refusal => ({ refused, message });

  /** Null when the click belongs to the page that is open now. */
  async function checkPage(body: CommandBody, page: CandidateReference): Promise<Refusal | null> {
    const shown = await copies.findByApplication(body.applicationKey);
    // Without a copy the server alone decides: it is told both, the page and the application.
    if (shown.length === 0 || isShownOn(page, shown)) return null;
    return movedOn(page);
  }

  async function movedOn(page: CandidateReference | null): Promise<Refusal> {
    const name = page && nameIn(await copies.find(page));
    return refuse('page-moved-on', name ? words('error.page-moved-on-to', [name]) : undefined);
  }

  async function prepare(kind: CommandKind, click: object, page: CandidateReference | null): Promise<CommandBody | Refusal> {
    if (!page) return movedOn(null);
    const { data, error } = kind.schema.safeParse({ ...click, page });
    if (!data) return refuse('invalid', error.issues[0]?.message);
    return (await checkPage(data, page)) ?? data;
  }

  async function keep(name: CommandName, body: CommandBody): Promise<Refusal> {
    const { actionId, applicationKey, clickedAt } = body;
    const text = describe(name, body, await copies.findByApplication(applicationKey), words);
    await outbox.add({ actionId, applicationKey, clickedAt, text, path: COMMANDS[name].path, body: { ...body } });
    return refuse('queued');
  }

  /** Under every page where the application was shown, so that a chooser's own copy stays what it is. */
  async function keepView(body: CommandBody, view: PanelView | null): Promise<void> {
    if (view?.kind !== 'application') return;
    for (const { page } of await copies.findByApplication(body.applicationKey)) await copies.save(page, view);
  }

  async function ask({ path, body }: { path: string; body: object }) {
    return connection.ask({ method: 'POST', path, body }, commandAnswerSchema);
  }

  return {
    async run(name, click, page) {
      const kind: CommandKind = COMMANDS[name];
      const body = await prepare(kind, click, page);
      if ('refused' in body) return body;
      const answer = await ask({ path: kind.path, body });
      if (!answer.ok) {
        if (answer.failure.code === 'offline' && kind.isKept) return keep(name, body);
        return toRefusal(answer.failure);
      }
      await keepView(body, answer.value.view);
      return answer.value;
    },
    async copyLink(click, page) {
      const path = PATHS.commands.copyLink;
      const body = await prepare({ path, schema: invitationCommandSchema, isKept: false }, click, page);
      if ('refused' in body) return body;
      const answer = await connection.ask({ method: 'POST', path, body }, z.object({ link: z.string() }));
      return answer.ok ? answer.value : toRefusal(answer.failure);
    },
    async findOutside(question, page) {
      const { data } = findOutsideSchema.safeParse({ ...question, page });
      if (!page || !data) return movedOn(page);
      const shown = await copies.findByApplication(data.applicationKey);
      if (shown.length > 0 && !isShownOn(page, shown)) return movedOn(page);
      const answer = await connection.ask({ method: 'POST', path: PATHS.commands.findOutside, body: data }, outsideFoundSchema);
      return answer.ok ? answer.value : toRefusal(answer.failure);
    },
    async getChoices({ applicationKey, change }) {
      const answer = await connection.ask({ path: PATHS.choices, query: { applicationKey, change } }, changeChoicesSchema);
      return answer.ok ? answer.value : toRefusal(answer.failure);
    },
    async getExtraTime({ applicationKey, invitationId }) {
      const query = { applicationKey, ...(invitationId !== undefined && { invitationId }) };
      const answer = await connection.ask({ path: PATHS.extraTime, query }, extraTimeSchema);
      return answer.ok ? answer.value : toRefusal(answer.failure);
    },
    async deliver(row) {
      const answer = await ask(row);
      if (answer.ok)
        return answer.value.outcome === 'refused' ? { taken: false, trouble: answer.value.message } : { taken: true };
      const { code, text } = answer.failure;
      return { taken: false, trouble: code === 'offline' || code === 'not-connected' || code === 'revoked' ? null : text };
    },
  };
}

function nameIn(copy: Copy | null): string | null {
  return copy && copy.view.kind !== 'unavailable' ? copy.view.candidateName : null;
}

/** "Send Senior SWE to Ada Lovelace": what was clicked, for the list of clicks that wait. */
function describe(name: CommandName, body: CommandBody, copies: Copy[], words: Words): string {
  const view = copies[0]?.view;
  const application = view?.kind === 'application' ? view : undefined;
  const invitation = application?.invitations.find(({ id }) => id === body.invitationId);
  const assessment = application?.assessments.find(({ id }) => id === body.assessmentId);
  const what = assessment?.name ?? invitation?.assessmentName ?? words('outbox.assessment');
  return words(`outbox.${name}`, [what, application?.candidateName ?? words('outbox.candidate')]);
}
