import { say } from '../say.ts';

/** Filled in for each invitation; see `linkTemplate` in lib/domain/assessment.ts. */
const GAPS = ['email', 'name', 'invitation'];

/**
 * What is wrong with a link template, as a sentence; null when nothing is. It has to be https, and its gaps may only stand behind the
 * host: a candidate's name must not decide where the link leads.
 */
export function checkLinkTemplate(template: string): string | null {
  const unknown = [...template.matchAll(/\{([^{}]*)\}/g)].map(([, gap]) => gap).find((gap) => !GAPS.includes(gap ?? ''));
  if (unknown !== undefined) return say('server.link-gap-unknown', { gap: unknown });
  if (/[{}]/.test(template.replace(/\{\w+\}/g, ''))) return say('server.link-gap-unknown', { gap: '' });
  const [one, other] = [fill(template, 'a'), fill(template, 'b')];
  if (!URL.canParse(one) || !URL.canParse(other)) return say('server.link-not-https');
  const [first, second] = [new URL(one), new URL(other)];
  if (first.protocol !== 'https:' || first.username || first.password) return say('server.link-not-https');
  return first.origin === second.origin ? null : say('server.link-gap-in-host');
}

function fill(template: string, value: string): string {
  return template.replace(/\{\w+\}/g, value);
}
