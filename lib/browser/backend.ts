import type { BackgroundProtocol } from '../contract/messages.ts';
import { messenger } from './messenger.ts';

/**
 * What the extension's pages can ask for: every message of BackgroundProtocol as a function that answers later. Components
 * get it as a prop, so that a test or a preview can hand them one of its own.
 *
 * A refusal is an answer, not an error. A rejected promise means that the background itself could not be reached (the
 * extension was updated under the page).
 */
export type Backend = {
  [Name in keyof BackgroundProtocol]: (
    ...args: Parameters<BackgroundProtocol[Name]>
  ) => Promise<ReturnType<BackgroundProtocol[Name]>>;
};

/** The real one: each call is one message to the background. */
export function createBackend(send = messenger.sendMessage): Backend {
  return {
    getPanelState: (message) => send('getPanelState', message),
    send: (command) => send('send', command),
    sendAll: (command) => send('sendAll', command),
    undo: (command) => send('undo', command),
    takeBack: (command) => send('takeBack', command),
    cancelInvitation: (command) => send('cancelInvitation', command),
    sendAgain: (command) => send('sendAgain', command),
    markSent: (command) => send('markSent', command),
    closeReview: (command) => send('closeReview', command),
    attach: (command) => send('attach', command),
    findOutside: (question) => send('findOutside', question),
    enterResult: (command) => send('enterResult', command),
    move: (command) => send('move', command),
    change: (command) => send('change', command),
    resend: (command) => send('resend', command),
    extend: (command) => send('extend', command),
    setExtraTime: (command) => send('setExtraTime', command),
    correctEmail: (command) => send('correctEmail', command),
    getExtraTime: (message) => send('getExtraTime', message),
    getChoices: (message) => send('getChoices', message),
    checkAgain: (command) => send('checkAgain', command),
    copyLink: (command) => send('copyLink', command),
    resolveOutbox: (message) => send('resolveOutbox', message),
    getStatus: () => send('getStatus'),
    pair: (message) => send('pair', message),
    unpair: () => send('unpair'),
    getWaiting: () => send('getWaiting'),
    undoFromPopup: (message) => send('undoFromPopup', message),
    callApi: (message) => send('callApi', message),
    openOptions: (message) => send('openOptions', message),
  };
}
