import type { AssessmentChoice } from '../../lib/contract/panel.ts';

/** The job's default first, then what the candidate is tagged with, then recent ones, then the rest; unusable ones last. */
export function sortChoices(choices: AssessmentChoice[], defaultId: string | null): AssessmentChoice[] {
  const rank = (choice: AssessmentChoice) => {
    if (choice.unusableBecause !== null) return 4;
    if (choice.id === defaultId) return 0;
    if (choice.onCandidate) return 1;
    return choice.recentlyUsed ? 2 : 3;
  };
  return choices.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

/** What the picker starts with: the candidate's one tag, else the default; with several tags nothing, since we ask and never guess. */
export function firstChoice(choices: AssessmentChoice[], defaultId: string | null): string | null {
  const usable = choices.filter((choice) => choice.unusableBecause === null);
  const tagged = usable.filter((choice) => choice.onCandidate);
  if (tagged.length > 1) return null;
  return (tagged[0] ?? usable.find((choice) => choice.id === defaultId))?.id ?? null;
}
