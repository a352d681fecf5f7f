import type { CoderbytePlay } from './play.ts';

/** A believable organisation: a test, a take-home project and a live interview. Answers their ids. */
export function seedOrganization(play: CoderbytePlay) {
  const id = (name: string, type: 'test' | 'take-home project' | 'live interview', minutes: number) =>
    play.createAssessment({ name, type, minutes }).id;
  return {
    seniorSwe: id('Senior SWE', 'test', 90),
    frontend: id('Frontend take-home', 'take-home project', 240),
    liveInterview: id('Live system design', 'live interview', 60),
  };
}

export type SeededOrganization = ReturnType<typeof seedOrganization>;
