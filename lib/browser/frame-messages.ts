import type { FrameMessage } from '../contract/messages.ts';
import { type OwnExtension, type Sender, trustedPage } from './trusted-page.ts';

/** What the panel's page wants its frame to do, and in which tab; null for anything else and from anybody else. */
export function readFrameMessage(
  message: unknown,
  sender: Sender,
  own: OwnExtension,
): { tabId: number; message: FrameMessage } | null {
  const tabId = sender.tab?.id;
  if (tabId === undefined || trustedPage(sender, own) !== 'panel') return null;
  const read = parse(message);
  return read && { tabId, message: read };
}

function parse(message: unknown): FrameMessage | null {
  if (typeof message !== 'object' || message === null) return null;
  const { tagalong, width, height, open, side, top }: Record<string, unknown> = { ...message };
  if (tagalong === 'blur' || tagalong === 'focus') return { tagalong };
  if (tagalong === 'size' && isLength(width) && isLength(height)) return { tagalong, width, height, open: open === true };
  if (tagalong === 'place' && isLength(top) && (side === 'left' || side === 'right')) return { tagalong, side, top };
  return null;
}

/** In CSS pixels; what does not fit the window, the frame cuts by itself. */
function isLength(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < 100_000;
}
