import type { PartnerPlay } from './play.ts';

/** Two tests of their own and two with the same name, as real servers have them. Answers their ids. */
export function seedPartner(play: PartnerPlay) {
  const id = (name: string) => play.createTest({ name }).id;
  return { java: id('Java developer'), sql: id('SQL analyst'), twin: id('Aptitude'), otherTwin: id('Aptitude') };
}

export type SeededPartner = ReturnType<typeof seedPartner>;
