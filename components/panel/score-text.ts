import type { ResultView } from '../../lib/contract/panel.ts';
import { t } from '../ui/t.ts';

type Score = NonNullable<ResultView['score']>;

const number = (value: number) => new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 }).format(value);

/** "80 / 100", or "80 points" where the scale has no maximum; null without a score. */
export function scoreText({ score }: { score: Score | null }): string | null {
  if (!score) return null;
  return score.max === null
    ? t('panel.result.points', number(score.value))
    : t('panel.result.ofMax', number(score.value), number(score.max));
}

/** "80 %" by the browser's habits, with the fraction that it is given. A percentage needs a maximum: null without one. */
export function percentText(percent: number | null): string | null {
  const format = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 6 });
  return percent === null ? null : format.format(percent / 100);
}
