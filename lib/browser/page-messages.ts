import type { OwnExtension, Sender } from './trusted-page.ts';

/**
 * The one thing that a content script may say by itself: "page changed". It carries nothing; what the page shows now, the background finds out.
 * The tab it comes from; null for anything else and from anybody else.
 */
export function readPageChanged(message: unknown, sender: Sender, own: OwnExtension): number | null {
  if (sender.id !== own.id || typeof message !== 'object' || message === null) return null;
  return 'tagalong' in message && message.tagalong === 'page' ? (sender.tab?.id ?? null) : null;
}
