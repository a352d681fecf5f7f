import type { CodesignalPlay } from './play.ts';

/** A believable company: a test, one that is proctored, and one that is archived. Answers their ids. */
export function seedCompany(play: CodesignalPlay) {
  const id = (wanted: Parameters<CodesignalPlay['createTest']>[0]) => play.createTest(wanted).id;
  const bands = [
    { label: 'Fail', scoreRange: { min: 0, max: 399 } },
    { label: 'Pass', scoreRange: { min: 400, max: 600 } },
  ];
  const archived = id({ title: 'General coding 2024' });
  play.archiveTest({ testId: archived });
  return {
    backend: id({ title: 'Software engineer', labels: ['backend'], scoreRangeLabels: bands }),
    proctored: id({ title: 'General coding assessment', labels: ['certified'], proctored: true }),
    archived,
  };
}

export type SeededCodesignal = ReturnType<typeof seedCompany>;
