import { classNames } from './class-names.ts';

export type Tone = 'good' | 'warn' | 'bad' | 'accent' | 'neutral';

const FILL: Record<Tone, string> = {
  good: 'bg-good',
  warn: 'bg-warn',
  bad: 'bg-bad',
  accent: 'bg-accent',
  neutral: 'bg-edge',
};

/** Beside a word, never instead of one. */
export function StatusDot({ tone }: { tone: Tone }) {
  return <span aria-hidden className={classNames('inline-block size-2 shrink-0 rounded-full', FILL[tone])} />;
}
