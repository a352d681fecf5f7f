import type { BackgroundProtocol } from '../contract/messages.ts';
import { messenger } from './messenger.ts';
import { type OwnExtension, type Sender, trustedPage } from './trusted-page.ts';

/** One function per message, with the sender, whose tab says which page it is about. */
export type Handlers = {
  [Name in keyof BackgroundProtocol]: (
    data: Parameters<BackgroundProtocol[Name]>[0],
    sender: Sender,
  ) => Promise<ReturnType<BackgroundProtocol[Name]>>;
};

/** The panel stands inside other people's pages, where clicks can be steered: what changes the set-up is not asked there. */
const NOT_FROM_THE_PANEL: readonly string[] = ['pair', 'unpair', 'callApi'] satisfies (keyof Handlers)[];

/** True when this sender may ask this. */
export function mayAsk(name: keyof Handlers, sender: Sender, own: OwnExtension): boolean {
  const page = trustedPage(sender, own);
  return page !== null && !(page === 'panel' && NOT_FROM_THE_PANEL.includes(name));
}

/**
 * Answers the extension's own pages, and nobody else. To be called while the worker starts, before anything is awaited: a
 * message that wakes the worker finds only listeners that were there at once.
 */
export function answerMessages(handlers: Handlers, own: OwnExtension): void {
  const answer = <Name extends keyof Handlers>(name: Name) =>
    messenger.onMessage(name, (message): never => {
      if (!mayAsk(name, message.sender, own)) throw new Error(`tagalong: "${name}" is not answered here`);
      // The library's types lose the tie between a message's name and its data; Handlers keeps it.
      return handlers[name](message.data as never, message.sender) as never;
    });
  for (const name of Object.keys(handlers)) answer(name as keyof Handlers);
}
