import type { WriteBack } from '../../lib/contract/settings.ts';
import { type TextKey, t } from '../ui/t.ts';

/** What the form holds: the settings, flat. */
export type WriteBackValues = Omit<WriteBack, 'feedbackScores'> & { passed: string; notPassed: string };

/** A server of an earlier version does not know of the scores. */
export function toWriteBackValues({ feedbackScores, ...rest }: WriteBack): WriteBackValues {
  return { ...rest, passed: feedbackScores?.passed ?? '', notPassed: feedbackScores?.notPassed ?? '' };
}

/** Scores belong to a form: without one there are none. */
export function toWriteBack({ passed, notPassed, ...rest }: WriteBackValues): WriteBack {
  return { ...rest, feedbackScores: rest.feedbackForm ? { passed, notPassed } : { passed: '', notPassed: '' } };
}

const LABELS: Record<keyof WriteBackValues, TextKey> = {
  statusField: 'admin.writeBack.statusField',
  scoreField: 'admin.writeBack.scoreField',
  reportFile: 'admin.writeBack.file',
  reportLink: 'admin.writeBack.link',
  feedbackForm: 'admin.writeBack.form',
  passed: 'admin.writeBack.passed',
  notPassed: 'admin.writeBack.notPassed',
};

export function writeBackLabel(name: keyof WriteBackValues): string {
  return t(LABELS[name]);
}

export interface Choice {
  value: string;
  label: string;
}

/** Nothing first, then what there is; what was chosen and is gone stays to be seen, so that nothing is changed by looking. */
export function choicesWith(value: string, choices: readonly Choice[], none: string): Choice[] {
  const isGone = value !== '' && !choices.some((choice) => choice.value === value);
  const gone = isGone ? [{ value, label: t('admin.writeBack.gone', value) }] : [];
  return [{ value: '', label: none }, ...gone, ...choices];
}
