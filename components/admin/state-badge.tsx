import { classNames } from '../ui/class-names.ts';
import { StatusDot, type Tone } from '../ui/status-dot.tsx';
import { t } from '../ui/t.ts';
import type { SetUpState } from './nav-states.ts';

const TONES: Record<SetUpState, Tone> = { ready: 'good', 'needs-you': 'warn', off: 'neutral' };

/** Ready, needs you, or off: a dot and the word. */
export function StateBadge({ state }: { state: SetUpState }) {
  return (
    <span
      className={classNames(
        'inline-flex shrink-0 items-center gap-1.5 text-xs',
        state === 'needs-you' ? 'font-medium text-warn' : 'font-normal text-muted',
      )}
    >
      <StatusDot tone={TONES[state]} />
      {stateWord(state)}
    </span>
  );
}

export function stateWord(state: SetUpState): string {
  return state === 'needs-you' ? t('admin.state.needsYou') : t(`admin.state.${state}`);
}
