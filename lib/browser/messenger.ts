import { defineExtensionMessaging } from '@webext-core/messaging';
import type { BackgroundProtocol } from '../contract/messages.ts';

type AnyFunction = (...args: never[]) => unknown;

/**
 * The protocol as a plain map: the messaging library wants an index signature, which an interface does not have.
 */
export type BackgroundMessages = {
  [Name in keyof BackgroundProtocol]: BackgroundProtocol[Name] extends AnyFunction ? BackgroundProtocol[Name] : never;
};

/** Both ends of the conversation between the extension's own pages and the background. */
export const messenger = defineExtensionMessaging<BackgroundMessages>({ logger: undefined });
