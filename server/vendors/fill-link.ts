import { type CallResult, succeed } from '../outbound/outcome.ts';
import type { InvitationOrder } from './port.ts';

/**
 * The candidate's link: the assessment's template with `{email}`, `{name}` and `{invitation}` (our id) filled in, percent-encoded.
 * `misconfigured` when there is no template, when a gap has no meaning, when it is not https, or when what was filled in would
 * decide where the link leads.
 */
export function fillLink(order: InvitationOrder): CallResult<string> {
  const template = order.assessment.linkTemplate?.trim();
  if (!template) return misconfigured('This assessment has no link template.');
  const values: Record<string, string> = {
    email: order.email,
    name: order.candidateName?.trim() ?? '',
    invitation: order.invitationId,
  };
  const unknown = [...template.matchAll(/\{([^{}]*)\}/g)].find(([, gap = '']) => !Object.hasOwn(values, gap));
  if (unknown) return misconfigured(`The link template has a gap that nothing fills: ${unknown[0]}`);
  const link = fill(template, (gap) => encode(values[gap] ?? ''));
  return leadsWhere(link, template) ? succeed(new URL(link).href) : misconfigured('The link template is no https address.');
}

/** https, no credentials, and the host that the admin wrote. */
function leadsWhere(link: string, template: string): boolean {
  const plain = fill(template, () => 'x');
  if (!URL.canParse(link) || !URL.canParse(plain)) return false;
  const url = new URL(link);
  return url.protocol === 'https:' && !url.username && !url.password && url.origin === new URL(plain).origin;
}

function fill(template: string, valueFor: (gap: string) => string): string {
  return template.replace(/\{(\w+)\}/g, (_, gap: string) => valueFor(gap));
}

/** Dots alone would climb up the path, encoded or not; half a surrogate pair cannot be encoded at all. */
function encode(value: string): string {
  return /^\.+$/.test(value) ? '' : encodeURIComponent(value.toWellFormed());
}

function misconfigured(detail: string): CallResult<never> {
  return { ok: false, kind: 'misconfigured', detail };
}
