import { useRef, useState } from 'react';
import type { OutboxItem, PanelState } from '../../lib/contract/messages.ts';
import type { CommandAnswer, PanelView } from '../../lib/contract/panel.ts';
import { wasTaken } from '../../lib/contract/was-taken.ts';
import { useClock } from '../ui/clock.ts';
import { t } from '../ui/t.ts';
import { type About, aboutOf } from './about.ts';
import type { PanelBackend } from './backend.ts';
import type { FollowUpWish } from './follow-ups.ts';
import { stateAnswered, withAnswer } from './newer-state.ts';
import type {
  Answer,
  ApplicationView,
  ClickStamp,
  JustClicked,
  PanelCommands,
  PanelNotice,
  SendChoice,
} from './panel-commands.ts';
import { sayUnsent } from './say-unsent.ts';
import { type Doing, useGuard } from './use-guard.ts';
import type { PanelStateHandle } from './use-panel-state.ts';
import { useSay } from './use-say.ts';

/** A click as it was made, whoever is shown when its answer comes. */
interface Click {
  stamp: ClickStamp;
  about: About;
}

interface SendClick extends Click {
  choice: SendChoice;
  doing: Doing;
  /** "Undo", clicked before this was answered: the same one again when it is tried again. */
  undo: ClickStamp | null;
  /** What came of it after "Undo" was clicked: of no interest, unless that could not be done. */
  answer: Answer | null;
}

/**
 * Turns clicks into commands: one at a time, each with its own action id, each answer shown or said. To be used above what comes
 * and goes with the panel, so that nothing is lost while it is closed; `isVisible` tells whether notices can be seen.
 */
export function useCommands(backend: PanelBackend, { state, update }: PanelStateHandle, isVisible: boolean): PanelCommands {
  const clock = useClock();
  const [justClicked, setJustClicked] = useState<JustClicked | null>(null);
  const shown = useRef<PanelState | null>(state);
  const sending = useRef<SendClick | null>(null);
  shown.current = state;
  const say = useSay(shown, isVisible, () => setJustClicked(null));
  const { busy, mayBegin, guard, release } = useGuard(say);

  const stampFor = (applicationKey: string): ClickStamp => ({
    actionId: clock.newId(),
    applicationKey,
    clickedAt: new Date(clock.now()).toISOString(),
  });

  /** Made at the click: who is shown later is somebody else's business. Null when nobody is shown. */
  const clickNow = (): Click | null => {
    const view = applicationIn(shown.current);
    return view && { stamp: stampFor(view.key), about: aboutOf(view) };
  };

  const see = (view: PanelView | null) => {
    const at = new Date(clock.now()).toISOString();
    update((now) => now && withAnswer(now, view, at));
  };

  const take = (answer: Answer, about: About, says?: PanelNotice['says']): CommandAnswer | null => {
    if ('refused' in answer) {
      if (answer.refused === 'queued') say.speak(about, answer.message);
      else say.tell(about, { ...warn(answer.message), says, outlivesPage: answer.refused === 'page-moved-on' });
      return null;
    }
    see(answer.view);
    if (answer.outcome === 'refused') say.tell(about, { ...warn(answer.message), says, mend: answer.mend });
    else say.speak(about, answer.message);
    return answer.outcome === 'refused' ? null : answer;
  };

  const run = async (
    name: string,
    call: (stamp: ClickStamp) => Promise<Answer>,
    kind: Doing['kind'] = 'command',
  ): Promise<CommandAnswer | null> => {
    const click = clickNow();
    const answer = click && (await guard({ name, kind }, click.about, () => call(click.stamp)));
    return answer && take(answer, click.about);
  };

  const onInvitation =
    (name: string, call: (command: ClickStamp & { invitationId: string }) => Promise<Answer>, kind?: Doing['kind']) =>
    (invitationId: string) =>
      void run(`${name}:${invitationId}`, (click) => call({ ...click, invitationId }), kind);

  /** Questions whose answer is the whole state. */
  const askState = async (doing: Doing, call: () => Promise<PanelState>): Promise<PanelState | null> => {
    let asked = shown.current;
    const next = await guard(doing, null, () => {
      asked = shown.current;
      return call();
    });
    if (next) update((now) => stateAnswered({ asked, shown: now, next }));
    return next;
  };

  const send = (choice: SendChoice): boolean => {
    const click = clickNow();
    const name = choice.onlyTag ? 'only-tag' : 'send';
    const isOver = () => clicked?.undo !== null;
    const doing: Doing = { name, kind: 'command', sameAs: `${name}:${choice.assessmentId}`, isOver };
    const clicked: SendClick | null = click && { ...click, choice, doing, undo: null, answer: null };
    if (!clicked || !mayBegin(doing)) return false;
    void giveSend(clicked);
    return true;
  };

  const giveSend = async (clicked: SendClick) => {
    const { choice, stamp, about, doing } = clicked;
    sending.current = clicked;
    const end = () => sending.current === clicked && setJustClicked(null);
    const answer = await guard(doing, about, () => {
      const view = applicationIn(shown.current);
      const isHeld = !choice.onlyTag && shown.current?.link === 'live' && view?.key === about.key;
      if (isHeld) setJustClicked(heldFrom(choice, view, clock.now()));
      return backend.send({ ...stamp, ...choice }).catch((error) => {
        end();
        throw error;
      });
    });
    if (!answer) return;
    clicked.answer = answer;
    // What is said of it now is for the way back to say.
    if (clicked.undo) return see('view' in answer ? answer.view : null);
    end();
    take(answer, about);
  };

  /** Its time and whom it is about are those of the click; the background knows what is to be done about the send. */
  const undoJustClicked = async () => {
    const clicked = sending.current;
    if (!clicked) return;
    const { about, stamp } = clicked;
    const undo = clicked.undo ?? stampFor(about.key);
    clicked.undo = undo;
    const wantUndo = (wantsUndo: boolean) => sending.current === clicked && setJustClicked((now) => now && { ...now, wantsUndo });
    const name = `undo:${stamp.actionId}`;
    const answer = await guard({ name, kind: 'way back' }, about, () => {
      wantUndo(true);
      return backend.takeBack({ ...undo, sendActionId: stamp.actionId }).catch((error) => {
        wantUndo(false);
        throw error;
      });
    });
    if (!answer) return;
    const isDone = wasTaken(answer);
    if (sending.current === clicked && (isDone || clicked.answer || 'outcome' in answer)) setJustClicked(null);
    wantUndo(false);
    if (isDone) release(clicked.doing);
    // Nothing was found out about the send: what comes of it is of interest again.
    if (!isDone && !('outcome' in answer) && !clicked.answer) clicked.undo = null;
    takeUndo(answer, about, undo);
    if (!isDone && clicked.answer && !wasTaken(clicked.answer)) take(clicked.answer, about);
  };

  const takeUndo = (answer: Answer, about: About, { actionId }: ClickStamp) => {
    take(answer, about, { actionId, needsConfirmation: true });
    // It is not undone yet, and somebody should see that.
    if ('outcome' in answer && answer.outcome === 'pending')
      say.tell(about, { ...warn(answer.message), tone: 'info', says: { actionId, needsConfirmation: false } });
  };

  /** A kept click is put away with the notice that said what came of it; a notice that ends by itself leaves it in the list. */
  const dismissNotice = () => {
    const says = say.notice?.says;
    say.dismiss();
    if (!says?.needsConfirmation) return;
    const { actionId } = says;
    void askState({ name: `outbox:${actionId}`, kind: 'question' }, async () => {
      const answer = await backend.resolveOutbox({ actionId, decision: 'discard' });
      // Put away elsewhere is as well.
      return answer.trouble?.code === 'too-late' ? { ...answer, trouble: null } : answer;
    });
  };

  const sendAll = (choices: readonly SendChoice[]): boolean => {
    const view = applicationIn(shown.current);
    const doing: Doing = { name: 'send-all', kind: 'command' };
    if (!view || !mayBegin(doing)) return false;
    const about = aboutOf(view);
    const names = choices.map((choice) => nameIn(view, choice.assessmentId));
    const sends = choices.map((choice) => ({ ...choice, actionId: clock.newId() }));
    const command = { applicationKey: view.key, clickedAt: new Date(clock.now()).toISOString(), sends };
    void guard(doing, about, () => backend.sendAll(command)).then((answers) => {
      for (const answer of sayUnsent(answers ?? [], names)) take(answer, about);
    });
    return true;
  };

  const copyLink = async (invitationId: string) => {
    const click = clickNow();
    if (!click) return null;
    const ask = () => backend.copyLink({ ...click.stamp, invitationId });
    const answer = await guard({ name: `copy-link:${invitationId}`, kind: 'question' }, click.about, ask);
    if (answer && 'link' in answer) return answer.link;
    if (answer) take(answer, click.about);
    return null;
  };

  const findOutside = async (assessmentId: string) => {
    const view = applicationIn(shown.current);
    if (!view) return null;
    const about = aboutOf(view);
    const ask = () => backend.findOutside({ applicationKey: view.key, assessmentId });
    const answer = await guard({ name: 'find-outside', kind: 'question' }, about, ask);
    if (answer && 'found' in answer) return answer;
    if (answer) take(answer, about);
    return null;
  };

  const checkAgain = () => {
    const view = shown.current?.view;
    const ask = () =>
      view?.kind === 'application' ? backend.checkAgain({ applicationKey: view.key }) : backend.getPanelState({});
    void askState({ name: 'check-again', kind: 'question' }, ask);
  };

  /** Of a kept click, which says itself whom it is about. */
  const tellOf = ({ text }: OutboxItem, said: PanelNotice) =>
    say.tell(null, { ...said, text: t('panel.outbox.about', text, said.text) });

  /** A send that is kept may have reached the server all the same: its answer was lost. */
  const takeBackKept = async (item: OutboxItem) => {
    const click = { ...stampFor(item.applicationKey), sendActionId: item.actionId };
    const doing: Doing = { name: `outbox:${item.actionId}`, kind: 'way back' };
    const answer = await guard(doing, null, () => backend.takeBack(click));
    if (!answer) return;
    see('view' in answer ? answer.view : null);
    if ('outcome' in answer && answer.outcome === 'done') return say.announce(t('panel.outbox.about', item.text, answer.message));
    const says = { actionId: click.actionId, needsConfirmation: !wasTaken(answer) };
    if (!('refused' in answer && answer.refused === 'queued')) tellOf(item, { ...warn(answer.message), says });
  };

  const resolveOutbox = async (actionId: string, decision: 'send' | 'discard') => {
    const item = shown.current?.outbox.find((each) => each.actionId === actionId);
    const isDiscard = decision === 'discard';
    if (item && isDiscard && item.kind === 'send') return takeBackKept(item);
    let gone: string | null = null;
    const next = await askState({ name: `outbox:${actionId}`, kind: 'command' }, async () => {
      const answer = await backend.resolveOutbox({ actionId, decision });
      gone = answer.trouble?.code === 'too-late' ? answer.trouble.text : null;
      // As the trouble of a page it would be about whoever is shown there.
      return gone === null ? answer : { ...answer, trouble: null };
    });
    if (!next || !item) return;
    if (gone !== null) tellOf(item, warn(gone));
    else if (isDiscard && item.kind === 'other') tellOf(item, { ...warn(t('panel.outbox.discarded')), tone: 'info' });
  };

  return {
    busy,
    notice: say.notice,
    announcement: say.announcement,
    justClicked,
    announce: say.announce,
    undo: onInvitation('undo', backend.undo, 'way back'),
    copyLink,
    checkAgain,
    dismissNotice,
    send,
    sendAll,
    undoJustClicked: () => void undoJustClicked(),
    cancel: onInvitation('cancel', backend.cancelInvitation),
    sendAgain: onInvitation('send-again', backend.sendAgain),
    markSent: onInvitation('mark-sent', backend.markSent),
    closeReview: onInvitation('close-review', backend.closeReview),
    findOutside,
    attach: async (assessmentId, ref) =>
      (await run(`attach:${ref}`, (click) => backend.attach({ ...click, assessmentId, ref }))) !== null,
    enterResult: async (invitationId, result) =>
      (await run(`enter-result:${invitationId}`, (click) => backend.enterResult({ ...click, invitationId, ...result }))) !== null,
    move: (toStageId) => void run('move', (click) => backend.move({ ...click, toStageId })),
    change: async (change) => {
      const view = shown.current?.view;
      const stageId = view?.kind === 'application' ? view.stageId : null;
      return (await run('change', (click) => backend.change({ ...click, shown: { stageId }, change }))) !== null;
    },
    followUp: async (invitationId, wish) =>
      (await run(`${wish.action}:${invitationId}`, (click) => askFollowUp(backend, { ...click, invitationId }, wish))) !== null,
    extraTimeOf: async (invitationId) => {
      const view = shown.current?.view;
      try {
        const applicationKey = view?.kind === 'application' ? view.key : '';
        const answer = await backend.getExtraTime({ applicationKey, ...(invitationId !== null && { invitationId }) });
        return 'refused' in answer ? answer.message : answer;
      } catch (error) {
        console.error('the background did not answer', error);
        return t('panel.noAnswer');
      }
    },
    choicesFor: async (applicationKey, change) => {
      try {
        const answer = await backend.getChoices({ applicationKey, change });
        return 'refused' in answer ? answer.message : answer;
      } catch (error) {
        console.error('the background did not answer', error);
        return t('panel.noAnswer');
      }
    },
    resolveOutbox: (actionId, decision) => void resolveOutbox(actionId, decision),
    openOptions: (section) =>
      void guard({ name: 'options', kind: 'question' }, null, () => backend.openOptions(section ? { section } : {})),
  };
}

function askFollowUp(
  backend: PanelBackend,
  { invitationId, ...stamp }: ClickStamp & { invitationId: string | null },
  wish: FollowUpWish,
): Promise<Answer> {
  if (wish.action === 'extra-time') return backend.setExtraTime({ ...stamp, invitationId, percent: wish.percent });
  if (invitationId === null) throw new Error(`${wish.action} needs an invitation`);
  const click = { ...stamp, invitationId };
  switch (wish.action) {
    case 'resend':
      return backend.resend(click);
    case 'extend':
      return backend.extend({ ...click, day: wish.day });
    case 'correct-email':
      return backend.correctEmail({ ...click, email: wish.email });
  }
}

function warn(text: string): PanelNotice {
  return { tone: 'warn', text, mend: null, retry: null };
}

function heldFrom(choice: SendChoice, view: ApplicationView, nowMs: number): JustClicked {
  return { assessmentId: choice.assessmentId, dueAtMs: nowMs + view.holdSeconds * 1000, wantsUndo: false };
}

function applicationIn(state: PanelState | null): ApplicationView | null {
  return state?.view?.kind === 'application' ? state.view : null;
}

function nameIn({ assessments }: ApplicationView, assessmentId: string): string {
  return assessments.find(({ id }) => id === assessmentId)?.name ?? t('outbox.assessment');
}
