import { useEffect, useRef, useState } from 'react';
import type { PanelState } from '../../lib/contract/messages.ts';
import type { CommandAnswer } from '../../lib/contract/panel.ts';
import { useClock } from '../ui/clock.ts';
import { t } from '../ui/t.ts';
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
import type { PanelStateHandle } from './use-panel-state.ts';

/** Turns clicks into commands: one at a time, each with its own action id, each answer shown or said. */
export function useCommands(backend: PanelBackend, { state, update }: PanelStateHandle): PanelCommands {
  const clock = useClock();
  const [busy, setBusy] = useState<string | null>(null);
  const [notice, setNotice] = useState<PanelNotice | null>(null);
  const [announcement, announce] = useState('');
  const [justClicked, setJustClicked] = useState<JustClicked | null>(null);
  // Read at the time of the click: two clicks may come before React has drawn the first one's state.
  const busyWith = useRef<string | null>(null);
  const shown = useRef<PanelState | null>(state);
  const wantsUndo = useRef(false);
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

  const stamp = (): ClickStamp | null => {
    const view = shown.current?.view;
    if (view?.kind !== 'application') return null;
    return { actionId: clock.newId(), applicationKey: view.key, clickedAt: new Date(clock.now()).toISOString() };
  };

  const take = (answer: Answer): CommandAnswer | null => {
    if ('refused' in answer) {
      if (answer.refused === 'queued') announce(answer.message);
      else {
        const outlivesPage = answer.refused === 'page-moved-on';
        setNotice({ tone: 'warn', text: answer.message, mend: null, retry: null, outlivesPage });
      }
      return null;
    }
    const at = new Date(clock.now()).toISOString();
    update((now) => now && withAnswer(now, answer.view, at));
    if (answer.outcome === 'refused') setNotice({ tone: 'warn', text: answer.message, mend: answer.mend, retry: null });
    else announce(answer.message);
    return answer.outcome === 'refused' ? null : answer;
  };

  /** One call with its busy sign; a call that gets no answer offers the same one again. */
  const guard = async <Result>(name: string, call: () => Promise<Result>, again: () => void): Promise<Result | null> => {
    // The way back never waits for something else.
    const mayPass = name.startsWith('undo:') ? busyWith.current !== name : busyWith.current === null;
    if (!mayPass) return null;
    busyWith.current = name;
    setBusy(name);
    setNotice(null);
    try {
      return await call();
    } catch (error) {
      console.error('the background did not answer', error);
      setNotice({ tone: 'bad', text: t('panel.noAnswer'), mend: null, retry: again });
      return null;
    } finally {
      if (busyWith.current === name) {
        busyWith.current = null;
        setBusy(null);
      }
    }
  };

  const run = async (
    name: string,
    call: (stamp: ClickStamp) => Promise<Answer>,
    kept?: ClickStamp,
  ): Promise<CommandAnswer | null> => {
    const click = kept ?? stamp();
    if (!click) return null;
    const answer = await guard(
      name,
      () => call(click),
      () => void run(name, call, click),
    );
    return answer && take(answer);
  };

  const onInvitation =
    (name: string, call: (command: ClickStamp & { invitationId: string }) => Promise<Answer>) => (invitationId: string) =>
      void run(`${name}:${invitationId}`, (click) => call({ ...click, invitationId }));

  /** Questions whose answer is the whole state. */
  const askState = async (name: string, call: () => Promise<PanelState>) => {
    const asked = shown.current;
    const next = await guard(name, call, () => void askState(name, call));
    if (next) update((now) => stateAnswered({ asked, shown: now, next }));
  };

  const undo = onInvitation('undo', backend.undo);

  const send = async (choice: SendChoice) => {
    const view = shown.current?.view;
    if (busyWith.current || view?.kind !== 'application') return;
    wantsUndo.current = false;
    const isHeld = !choice.onlyTag && shown.current?.link === 'live';
    if (isHeld) setJustClicked(heldFrom(choice, view, clock.now()));
    const answer = await run(choice.onlyTag ? 'only-tag' : 'send', (click) => backend.send({ ...click, ...choice }));
    setJustClicked(null);
    const held = answer && heldInvitation(answer, choice.assessmentId);
    const click = stamp();
    if (!wantsUndo.current || !held || !click) return;
    // About the candidate who was shown at the click, even if the page has moved on since.
    const kept = { ...click, applicationKey: view.key };
    void run(`undo:${held.id}`, (again) => backend.undo({ ...again, invitationId: held.id }), kept);
  };

  const sendAll = async (choices: readonly SendChoice[]) => {
    for (const choice of choices) {
      const answer = await run('send-all', (click) => backend.send({ ...click, ...choice }));
      if (!answer) return;
    }
  };

  const copyLink = async (invitationId: string) => {
    const click = stamp();
    if (!click) return null;
    const ask = () => backend.copyLink({ ...click, invitationId });
    const answer = await guard(`copy-link:${invitationId}`, ask, () => void copyLink(invitationId));
    if (answer && 'link' in answer) return answer.link;
    if (answer) take(answer);
    return null;
  };

  const findOutside = async (assessmentId: string) => {
    const click = stamp();
    if (!click) return null;
    const { applicationKey } = click;
    const ask = () => backend.findOutside({ applicationKey, assessmentId });
    const answer = await guard('find-outside', ask, () => void findOutside(assessmentId));
    if (answer && 'found' in answer) return answer;
    if (answer) take(answer);
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
      wantsUndo.current = true;
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
        'options',
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

function heldInvitation(answer: CommandAnswer, assessmentId: string) {
  if (answer.view?.kind !== 'application') return undefined;
  return answer.view.invitations.find(
    (invitation) => invitation.state === 'held' && invitation.by.isYou && invitation.assessmentId === assessmentId,
  );
}
