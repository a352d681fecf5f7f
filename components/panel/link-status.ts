import type { PanelState } from '../../lib/contract/messages.ts';
import { formatMoment } from '../ui/format-time.ts';
import type { Tone } from '../ui/status-dot.tsx';
import { t } from '../ui/t.ts';

export interface LinkStatus {
  tone: Tone;
  text: string;
}

/** The word beside the dot in the panel's head: whether what is shown is live, and if not, from when it is. */
export function linkStatus(state: PanelState, now: number): LinkStatus {
  if (state.link === 'not-connected') return { tone: 'warn', text: t('panel.link.notConnected') };
  const copyFrom = state.view && state.viewAt ? formatMoment(Date.parse(state.viewAt), now) : null;
  if (state.link === 'offline') {
    return { tone: 'warn', text: copyFrom ? t('panel.link.offlineShowing', copyFrom) : t('panel.link.offline') };
  }
  if (state.stale && copyFrom) return { tone: 'neutral', text: t('panel.link.showing', copyFrom) };
  if (state.link === 'connecting') return { tone: 'neutral', text: t('panel.link.connecting') };
  return { tone: 'good', text: t('panel.link.live') };
}
