import { type TextKey, t } from '../ui/t.ts';

const WORDS: Record<string, TextKey> = {
  send: 'panel.busy.send',
  'send-all': 'panel.busy.send',
  'only-tag': 'panel.busy.send',
  'send-again': 'panel.busy.send',
  resend: 'panel.busy.send',
  undo: 'panel.busy.undo',
  cancel: 'panel.busy.cancel',
  move: 'panel.busy.move',
  change: 'panel.busy.change',
  outbox: 'panel.busy.outbox',
};

/** What a command is called while another click has to wait for it; `name` is the one that `busy` has. */
export function busyWord(name: string): string {
  return t(WORDS[name.split(':')[0] ?? ''] ?? 'panel.busy.other');
}
