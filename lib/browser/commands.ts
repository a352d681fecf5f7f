import { type ZodType, z } from 'zod';
import type { Refusal, SendAllCommand } from '../contract/messages.ts';
import {
  attachCommandSchema,
  type ChangeChoices,
  type CommandAnswer,
  candidateReferenceSchema,
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
  takeBackCommandSchema,
} from '../contract/panel.ts';
import { PATHS } from '../contract/paths.ts';
import { wasTaken } from '../contract/was-taken.ts';
import type { CandidateReference } from '../domain/candidate-reference.ts';
import type { Connection } from './connection.ts';
import { type Copy, type CopyStore, isShownOn } from './copy-store.ts';
import type { OutboxRow } from './database.ts';
import type { Delivery, Outbox } from './outbox.ts';
import { type ServerFailure, toRefusal } from './server-client.ts';
import type { Words } from './words.ts';

interface CommandKind {
  path: string;
  schema: ZodType<CommandBody>;
  /** Kept while the server is away. The others only make sense at once. */
  isKept: boolean;
  /** The way back: it is about the one who was shown, whoever is shown now. */
  isWayBack?: true;
}

interface CommandBody {
  actionId: string;
  page: CandidateReference;
  applicationKey: string;
  clickedAt: string;
  invitationId?: string | null;
  assessmentId?: string;
  sendActionId?: string;
}

const COMMANDS = {
  send: { path: PATHS.commands.send, schema: sendCommandSchema, isKept: true },
  undo: { path: PATHS.commands.undo, schema: invitationCommandSchema, isKept: false, isWayBack: true },
  takeBack: { path: PATHS.commands.takeBack, schema: takeBackCommandSchema, isKept: true, isWayBack: true },
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
/** The way back of a send has a way of its own: it is kept before it is given. */
export type CommandName = Exclude<keyof typeof COMMANDS, 'takeBack'>;

/** As the panel gives it: checked before it goes anywhere. */
type Click = { applicationKey: string };
type TakeBackClick = Click & { actionId: string; sendActionId: string };

/** What the server says of itself. It is no answer to a way back, which is told again. */
const NO_ANSWER: readonly ServerFailure['code'][] = [
  'offline',
  'internal',
  'store-unavailable',
  'ats-unavailable',
  'too-many-tries',
  'server-outdated',
];

export interface Commands {
  /**
   * Carries out a click. `page` is whom the tab shows now; the click names the application that was shown. When they do
   * not belong together nothing is sent. A click that the server could not be told is kept and `queued`.
   */
  run(name: CommandName, click: Click, page: CandidateReference | null): Promise<CommandAnswer | Refusal>;
  /**
   * Carries out several sends of one click, one after the other. They are all for the page of the click, wherever the tab goes
   * meanwhile. The first that is refused is the last; once one is kept because the server is away, so are those after it.
   */
  sendAll(command: SendAllCommand, page: CandidateReference | null): Promise<(CommandAnswer | Refusal)[]>;
  /**
   * Takes back a send whose answer is not known. Kept before the server is asked and until it has decided; `queued` or `pending` meanwhile.
   * One that it would not do stays kept with the reason, since whoever asked may be gone. It is about the page where the candidate was
   * seen; `tabPage` is asked only where none is known.
   */
  takeBack(click: TakeBackClick, tabPage: () => Promise<CandidateReference | null>): Promise<CommandAnswer | Refusal>;
  copyLink(click: Click, page: CandidateReference | null): Promise<{ link: string } | Refusal>;
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
  /** A click is kept that nobody has been asked about yet: wake the worker for it. */
  onWaiting(): void;
}

export function createCommands({ connection, copies, outbox, words, onWaiting }: CommandsInput): Commands {
  const takingBack = new Map<string, Promise<CommandAnswer | Refusal>>();
  const refuse = (refused: Refusal['refused'], message = words(`error.${refused}`)): Refusal => ({ refused, message });

  /** Whether an application belongs to the page that is open now. */
  async function isOn(page: CandidateReference, applicationKey: string): Promise<boolean> {
    const shown = await copies.findByApplication(applicationKey);
    // Without a copy the server alone decides: it is told both, the page and the application.
    return shown.length === 0 || isShownOn(page, shown);
  }

  /** Of a send that nothing was sent. Of an undo that would be false: the invitation it is about may go out. */
  async function movedOn(page: CandidateReference | null, path: string): Promise<Refusal> {
    const name = page && nameIn(await copies.find(page));
    const kind = path === COMMANDS.send.path ? '' : '-nothing-done';
    return refuse('page-moved-on', name ? words(`error.page-moved-on-to${kind}`, [name]) : words(`error.page-moved-on${kind}`));
  }

  /** The page of the tab, or, for the way back when the tab has gone on, the one where the candidate was seen. */
  async function pageFor({ isWayBack }: CommandKind, { applicationKey }: Click, page: CandidateReference | null) {
    if (!isWayBack) return page;
    const shown = await copies.findByApplication(applicationKey);
    return page && isShownOn(page, shown) ? page : (shown[0]?.page ?? page);
  }

  async function prepare(kind: CommandKind, click: Click, tabPage: CandidateReference | null): Promise<CommandBody | Refusal> {
    const page = await pageFor(kind, click, tabPage);
    if (!page) return movedOn(null, kind.path);
    const { data, error } = kind.schema.safeParse({ ...click, page });
    if (!data) return refuse('invalid', error.issues[0]?.message);
    return (await isOn(page, data.applicationKey)) ? data : movedOn(page, kind.path);
  }

  async function keep(name: CommandName, body: CommandBody): Promise<CommandAnswer | Refusal> {
    const { actionId, applicationKey, clickedAt } = body;
    const text = describe(name, body, await copies.findByApplication(applicationKey), words);
    const row = { actionId, applicationKey, clickedAt, text, path: COMMANDS[name].path, body: { ...body } };
    const fate = await outbox.add(row);
    if (fate === 'kept') return refuse('queued');
    // Nobody knows whether the server has it, and it is not told again: the list says that it was not undone, and offers that.
    if (fate === 'not undone') return refuse('offline');
    return { outcome: 'done', message: words('error.taken-back'), mend: null, view: null };
  }

  /** Under every page where the application was shown, so that a chooser's own copy stays what it is. */
  async function keepView(body: CommandBody, view: PanelView | null): Promise<void> {
    if (view?.kind !== 'application') return;
    for (const { page } of await copies.findByApplication(body.applicationKey)) await copies.save(page, view);
  }

  async function ask({ path, body }: { path: string; body: object }) {
    return connection.ask({ method: 'POST', path, body }, commandAnswerSchema);
  }

  /** The server's refusal; its words about a page that has moved on are those for a send. */
  async function refusalOf(failure: ServerFailure, path: string): Promise<Refusal> {
    const isSend = path === COMMANDS.send.path;
    return failure.code === 'page-moved-on' && !isSend ? movedOn(null, path) : toRefusal(failure);
  }

  async function give(name: CommandName, body: CommandBody): Promise<CommandAnswer | Refusal> {
    const { path, isKept } = COMMANDS[name];
    const answer = await ask({ path, body });
    if (!answer.ok) return answer.failure.code === 'offline' && isKept ? keep(name, body) : refusalOf(answer.failure, path);
    await keepView(body, answer.value.view);
    return answer.value;
  }

  async function takeBack(click: TakeBackClick, tabPage: () => Promise<CandidateReference | null>) {
    const { path } = COMMANDS.takeBack;
    const kept = await outbox.find(click.sendActionId);
    const shown = await copies.findByApplication(click.applicationKey);
    const known = candidateReferenceSchema.safeParse(kept?.body.page).data ?? shown[0]?.page;
    const body = await prepare(COMMANDS.takeBack, click, known ?? (await tabPage()));
    if ('refused' in body) return notUndone(body);
    const { actionId, applicationKey, clickedAt } = body;
    const about = { ...body, assessmentId: z.string().safeParse(kept?.body.assessmentId).data };
    const text = describe('takeBack', about, shown, words);
    let answer: CommandAnswer | Refusal | undefined;
    const row = { actionId, applicationKey, clickedAt, text, path, body: { ...body }, takesBack: click.sendActionId };
    await outbox.takeBack(row, async () => {
      // This worker may be stopped before the server has answered.
      onWaiting();
      answer = await askWayBack(row);
      return afterWayBack(answer);
    });
    if (!answer) throw new Error('the outbox gave back a take-back that it never handed on');
    if ('view' in answer) await keepView(body, answer.view);
    return answer;
  }

  /** "That is not there" would say of a way back neither what nor that nothing came of it. */
  function notUndone({ refused, message }: Refusal): Refusal {
    return refuse(refused, words('error.not-undone', [message]));
  }

  async function askWayBack(row: { path: string; body: object }): Promise<CommandAnswer | Refusal> {
    const answer = await ask(row);
    if (answer.ok) return answer.value;
    const isSilent = NO_ANSWER.includes(answer.failure.code);
    return isSilent ? refuse('queued', words('error.undo-kept')) : notUndone(await refusalOf(answer.failure, row.path));
  }

  return {
    takeBack(click, tabPage) {
      const given = takingBack.get(click.actionId) ?? takeBack(click, tabPage).finally(() => takingBack.delete(click.actionId));
      takingBack.set(click.actionId, given);
      return given;
    },
    async run(name, click, page) {
      const body = await prepare(COMMANDS[name], click, page);
      return 'refused' in body ? body : give(name, body);
    },
    async sendAll({ sends, ...click }, page) {
      const bodies = await Promise.all(sends.map((send) => prepare(COMMANDS.send, { ...send, ...click }, page)));
      const refusal = bodies.find((body) => 'refused' in body);
      if (refusal) return [refusal];
      const answers: (CommandAnswer | Refusal)[] = [];
      for (const body of bodies) {
        if ('refused' in body) break;
        // The next one would wait just as long for a server that is away.
        const isAway = answers.some((answer) => 'refused' in answer && answer.refused === 'queued');
        const answer = await (isAway ? keep('send', body) : give('send', body));
        answers.push(answer);
        if (!wasTaken(answer)) break;
      }
      return answers;
    },
    async copyLink(click, page) {
      const path = PATHS.commands.copyLink;
      const body = await prepare({ path, schema: invitationCommandSchema, isKept: false }, click, page);
      if ('refused' in body) return body;
      const answer = await connection.ask({ method: 'POST', path, body }, z.object({ link: z.string() }));
      return answer.ok ? answer.value : refusalOf(answer.failure, path);
    },
    async findOutside(question, page) {
      const path = PATHS.commands.findOutside;
      const { data } = findOutsideSchema.safeParse({ ...question, page });
      if (!page || !data || !(await isOn(page, data.applicationKey))) return movedOn(page, path);
      const answer = await connection.ask({ method: 'POST', path, body: data }, outsideFoundSchema);
      return answer.ok ? answer.value : refusalOf(answer.failure, path);
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
      if (row.takesBack !== undefined) return afterWayBack(await askWayBack(row));
      const answer = await ask(row);
      if (answer.ok)
        return answer.value.outcome === 'refused' ? { taken: false, trouble: answer.value.message } : { taken: true };
      const { code, text } = answer.failure;
      return { taken: false, trouble: code === 'offline' || code === 'not-connected' || code === 'revoked' ? null : text };
    },
  };
}

/** A way back is told again until the server has decided it, and one that it would not do is kept until somebody has read why. */
function afterWayBack(answer: CommandAnswer | Refusal): Delivery {
  if (!('refused' in answer)) {
    if (answer.outcome === 'done') return { taken: true };
    return { taken: false, trouble: answer.outcome === 'refused' ? answer.message : null };
  }
  // The next pairing may be with another server, or another recruiter.
  if (answer.refused === 'not-connected' || answer.refused === 'revoked') return { taken: true };
  return { taken: false, trouble: answer.refused === 'queued' ? null : answer.message };
}

function nameIn(copy: Copy | null): string | null {
  return copy && copy.view.kind !== 'unavailable' ? copy.view.candidateName : null;
}

/** "Send Senior SWE to Ada Lovelace": what was clicked, for the list of clicks that wait. */
function describe(name: keyof typeof COMMANDS, body: CommandBody, copies: Copy[], words: Words): string {
  const view = copies[0]?.view;
  const application = view?.kind === 'application' ? view : undefined;
  const invitation = application?.invitations.find(({ id }) => id === body.invitationId);
  const assessment = application?.assessments.find(({ id }) => id === body.assessmentId);
  const what = assessment?.name ?? invitation?.assessmentName ?? words('outbox.assessment');
  return words(`outbox.${name}`, [what, application?.candidateName ?? words('outbox.candidate')]);
}
