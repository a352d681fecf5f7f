import { useEffect, useRef, useState } from 'react';
import type { PanelState } from '../../lib/contract/messages.ts';
import type { CommandAnswer } from '../../lib/contract/panel.ts';
import { useClock } from '../ui/clock.ts';
import { t } from '../ui/t.ts';
import { type About, aboutOf, named, noticeElsewhere } from './about.ts';
import type { PanelBackend } from './backend.ts';
import { heldByYou, wayBack } from './early-undo.ts';
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
import type { PanelStateHandle } from './use-panel-state.ts';

/** A click as it was made, whoever is shown when its answer comes. */
interface Click {
  stamp: ClickStamp;
  about: About;
}

interface SendClick extends Click {
  choice: SendChoice;
  /** The assessment's name. */
  what: string;
  /** "Undo", clicked before this was answered. */
  undo: ClickStamp | null;
}

/** Turns clicks into commands: one at a time, each with its own action id, each answer shown or said. */
export function useCommands(backend: PanelBackend, { state, update }: PanelStateHandle): PanelCommands {
  const clock = useClock();
  const [busy, setBusy] = useState<string | null>(null);
  const [notice, setNotice] = useState<PanelNotice | null>(null);
  const [announcement, announce] = useState('');
  const [justClicked, setJustClicked] = useState<JustClicked | null>(null);
  // Read at the time of the click: two clicks may come before React has drawn the first one's state.
  const underWay = useRef<string[]>([]);
  const shown = useRef<PanelState | null>(state);
  const sending = useRef<SendClick | null>(null);
  shown.current = state;

  const key = state?.view?.kind === 'application' ? state.view.key : null;
  const page = useRef(key);
  useEffect(() => {
    if (key === null || page.current === key) return;
    const isFirst = page.current === null;
    page.current = key;
    if (isFirst) return;
    setJustClicked(null);
    setNotice((kept) => (kept?.outlivesPage ? { ...kept, outlivesPage: false } : null));
  }, [key]);

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

  const isShown = (about: About | null) => about === null || applicationIn(shown.current)?.key === about.key;

  const tell = (about: About | null, said: PanelNotice) => {
    if (about === null || isShown(about)) return setNotice(said);
    // The next one is on their way in, and what is said on the page before does not outlive it.
    const outlivesPage = page.current !== applicationIn(shown.current)?.key;
    setNotice({ ...noticeElsewhere(about, said), outlivesPage });
  };

  const speak = (about: About, text: string) => announce(isShown(about) ? text : named(about, text));

  const warn = (text: string): PanelNotice => ({ tone: 'warn', text, mend: null, retry: null });

  const take = (answer: Answer, about: About): CommandAnswer | null => {
    if ('refused' in answer) {
      if (answer.refused === 'queued') speak(about, answer.message);
      else tell(about, { ...warn(answer.message), outlivesPage: answer.refused === 'page-moved-on' });
      return null;
    }
    const at = new Date(clock.now()).toISOString();
    update((now) => now && withAnswer(now, answer.view, at));
    if (answer.outcome === 'refused') tell(about, { ...warn(answer.message), mend: answer.mend });
    else speak(about, answer.message);
    return answer.outcome === 'refused' ? null : answer;
  };

  /** One call with its busy sign; a call that gets no answer offers the same one again. */
  const guard = async <Result>(
    { name, about }: { name: string; about: About | null },
    call: () => Promise<Result>,
    again: () => void,
  ): Promise<Result | null> => {
    // The way back never waits for something else.
    const mayPass = name.startsWith('undo:') ? !underWay.current.includes(name) : underWay.current.length === 0;
    if (!mayPass) return null;
    underWay.current = [...underWay.current, name];
    setBusy(name);
    setNotice(null);
    try {
      return await call();
    } catch (error) {
      console.error('the background did not answer', error);
      tell(about, { tone: 'bad', text: t('panel.noAnswer'), mend: null, retry: again });
      return null;
    } finally {
      underWay.current = underWay.current.filter((each) => each !== name);
      setBusy(underWay.current.at(-1) ?? null);
    }
  };

  const ask = (name: string, call: (stamp: ClickStamp) => Promise<Answer>, click: Click): Promise<Answer | null> =>
    guard(
      { name, about: click.about },
      () => call(click.stamp),
      () => void run(name, call, click),
    );

  const run = async (
    name: string,
    call: (stamp: ClickStamp) => Promise<Answer>,
    click = clickNow(),
  ): Promise<CommandAnswer | null> => {
    const answer = click && (await ask(name, call, click));
    return answer && take(answer, click.about);
  };

  const onInvitation =
    (name: string, call: (command: ClickStamp & { invitationId: string }) => Promise<Answer>) => (invitationId: string) =>
      void run(`${name}:${invitationId}`, (click) => call({ ...click, invitationId }));

  /** Questions whose answer is the whole state. */
  const askState = async (name: string, call: () => Promise<PanelState>) => {
    const asked = shown.current;
    const next = await guard({ name, about: null }, call, () => void askState(name, call));
    if (next) update((now) => stateAnswered({ asked, shown: now, next }));
  };

  const undo = onInvitation('undo', backend.undo);

  const send = async (choice: SendChoice) => {
    const view = applicationIn(shown.current);
    const click = clickNow();
    if (underWay.current.length > 0 || !view || !click) return;
    const clicked: SendClick = { ...click, choice, what: nameIn(view, choice.assessmentId), undo: null };
    sending.current = clicked;
    const isHeld = !choice.onlyTag && shown.current?.link === 'live';
    if (isHeld) setJustClicked(heldFrom(choice, view, clock.now()));
    const answer = await ask(choice.onlyTag ? 'only-tag' : 'send', (stamp) => backend.send({ ...stamp, ...choice }), click);
    setJustClicked(null);
    if (answer && clicked.undo) takeBack(answer, clicked, clicked.undo);
    else if (answer) take(answer, click.about);
  };

  const takeBack = (answer: Answer, clicked: SendClick, undone: ClickStamp) => {
    const { about, choice, what } = clicked;
    const way = wayBack(answer, choice.assessmentId);
    if (way.kind === 'discard') return void discard(clicked, undone);
    take(answer, about);
    if (way.kind === 'undo') undoSent(way.invitationId, { stamp: undone, about });
    if (way.kind === 'too-late') tell(about, warn(t('panel.held.tooLate', what)));
    if (way.kind === 'not-yet') tell(about, warn(t('panel.held.notYet', what)));
  };

  const undoSent = (invitationId: string, click: Click) =>
    void run(`undo:${invitationId}`, (stamp) => backend.undo({ ...stamp, invitationId }), click);

  /** The send was kept for later: it must not go out when the server is back. */
  const discard = async (clicked: SendClick, undone: ClickStamp) => {
    const { about, choice, stamp } = clicked;
    const asked = shown.current;
    const next = await guard(
      { name: `undo:${stamp.actionId}`, about },
      () => backend.resolveOutbox({ actionId: stamp.actionId, decision: 'discard' }),
      () => void discard(clicked, undone),
    );
    if (!next) return;
    update((now) => stateAnswered({ asked, shown: now, next }));
    if (next.trouble?.code !== 'too-late') return speak(about, t('panel.say.discarded'));
    const held = applicationIn(next)?.key === about.key && heldByYou(next.view, choice.assessmentId);
    if (held) undoSent(held, { stamp: undone, about });
    else tell(about, warn(next.trouble.text));
  };

  const sendAll = async (choices: readonly SendChoice[]) => {
    const view = applicationIn(shown.current);
    if (!view) return;
    const about = aboutOf(view);
    const names = choices.map((choice) => nameIn(view, choice.assessmentId));
    const sends = choices.map((choice) => ({ ...choice, actionId: clock.newId() }));
    const command = { applicationKey: view.key, clickedAt: new Date(clock.now()).toISOString(), sends };
    const give = async () => {
      const answers = await guard(
        { name: 'send-all', about },
        () => backend.sendAll(command),
        () => void give(),
      );
      for (const answer of sayUnsent(answers ?? [], names)) take(answer, about);
    };
    await give();
  };

  const copyLink = async (invitationId: string) => {
    const click = clickNow();
    if (!click) return null;
    const { stamp, about } = click;
    const ask = () => backend.copyLink({ ...stamp, invitationId });
    const answer = await guard({ name: `copy-link:${invitationId}`, about }, ask, () => void copyLink(invitationId));
    if (answer && 'link' in answer) return answer.link;
    if (answer) take(answer, about);
    return null;
  };

  const findOutside = async (assessmentId: string) => {
    const view = applicationIn(shown.current);
    if (!view) return null;
    const about = aboutOf(view);
    const ask = () => backend.findOutside({ applicationKey: view.key, assessmentId });
    const answer = await guard({ name: 'find-outside', about }, ask, () => void findOutside(assessmentId));
    if (answer && 'found' in answer) return answer;
    if (answer) take(answer, about);
    return null;
  };

  const checkAgain = () => {
    const view = shown.current?.view;
    const ask = () =>
      view?.kind === 'application' ? backend.checkAgain({ applicationKey: view.key }) : backend.getPanelState({});
    void askState('check-again', ask);
  };

  return {
    busy,
    notice,
    announcement,
    justClicked,
    announce,
    undo,
    copyLink,
    checkAgain,
    dismissNotice: () => setNotice(null),
    send: (choice) => void send(choice),
    sendAll: (choices) => void sendAll(choices),
    undoJustClicked() {
      // Its time and whom it is about are those of the click, however late the answer to the send is.
      if (sending.current) sending.current.undo ??= stampFor(sending.current.about.key);
      setJustClicked((clicked) => clicked && { ...clicked, wantsUndo: true });
    },
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
    resolveOutbox: (actionId, decision) =>
      void askState(`outbox:${actionId}`, () => backend.resolveOutbox({ actionId, decision })),
    openOptions: (section) =>
      void guard(
        { name: 'options', about: null },
        () => backend.openOptions(section ? { section } : {}),
        () => setNotice(null),
      ),
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

function heldFrom(choice: SendChoice, view: ApplicationView, nowMs: number): JustClicked {
  return { assessmentId: choice.assessmentId, dueAtMs: nowMs + view.holdSeconds * 1000, wantsUndo: false };
}

function applicationIn(state: PanelState | null): ApplicationView | null {
  return state?.view?.kind === 'application' ? state.view : null;
}

function nameIn({ assessments }: ApplicationView, assessmentId: string): string {
  return assessments.find(({ id }) => id === assessmentId)?.name ?? t('outbox.assessment');
}
