/**
 * Coderbyte's REST API is not publicly documented: its four webhook pages name the calls "Get report data" and "Interview report data"
 * and nothing more (https://docs.coderbyte.com/reference/completed-assessment). So there is no path in this program: an admin who has
 * the documentation enters base URL, header, paths and field names (EndpointMap in lib/contract/settings.ts), and this calls what
 * stands there.
 */

import { gapsOfEndpoint } from '../../../lib/contract/endpoint-gaps.ts';
import type { EndpointMap, EndpointName } from '../../../lib/contract/settings.ts';
import type { Invitation } from '../../../lib/domain/invitation.ts';
import type { HttpAnswer, HttpClient } from '../../outbound/http.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { InvitationOrder } from '../port.ts';
import { fillBody, fillPath, findUnknownGap, type GapValues } from './fill-gaps.ts';
import { readPath } from './read-path.ts';

type Endpoint = NonNullable<EndpointMap['endpoints'][EndpointName]>;

/** An answer and the map's words for it. */
export interface EndpointAnswer {
  status: number;
  body: unknown;
  /** What the map says stands for our field; undefined when the map is silent about it. */
  field(name: string): unknown;
  fields: Readonly<Record<string, string>>;
}

/** A request for an admin to look at. */
export interface ShownRequest {
  method: string;
  url: string;
  /** Name and value, with the key hidden. */
  header: string;
  body?: unknown;
}

export interface MappedApi {
  has(name: EndpointName): boolean;
  /** Whether the map says where this field stands in the answer. */
  reads(name: EndpointName, field: string): boolean;
  /** Whether this gap stands in the endpoint's path or body. */
  asks(name: EndpointName, gap: string): boolean;
  /** The request as it would be sent, with the key hidden; or why it cannot be made. Calls nothing. */
  show(name: EndpointName, values: GapValues): CallResult<ShownRequest>;
  /** `write`: a lost answer must count as "may have happened". Never throws. */
  call(name: EndpointName, values: GapValues, call: { write: boolean }): Promise<CallResult<EndpointAnswer>>;
}

export interface MappedApiOptions {
  http: HttpClient;
  map: EndpointMap;
  apiKey: string;
  organizationId: string;
}

/** Calls whatever the map describes. */
export function createMappedApi({ http, map, apiKey, organizationId }: MappedApiOptions): MappedApi {
  const { name: headerName, value: headerValue } = map.authHeader ?? { name: 'Authorization', value: 'Bearer {key}' };
  const headers = { [headerName]: headerValue.replaceAll('{key}', () => apiKey) };

  const prepare = (name: EndpointName, given: GapValues): CallResult<{ endpoint: Endpoint; url: string; json?: unknown }> => {
    const endpoint = map.endpoints[name];
    if (!endpoint) return misconfigured(`The endpoint map has no "${name}".`);
    if (map.baseUrl === undefined) return misconfigured('The endpoint map has no base URL.');
    const values = { ...given, organizationId: organizationId || null };
    const filled = fillPath(endpoint.path, values);
    if ('gap' in filled) return misconfigured(`The path of "${name}" needs {${filled.gap}}, which is not known.`);
    const unknown = findUnknownGap(endpoint.body, values);
    if (unknown !== undefined) return misconfigured(`Nothing fills {${unknown}} in the body of "${name}".`);
    const url = `${map.baseUrl.replace(/\/+$/, '')}${filled.path}`;
    const json = endpoint.body && fillBody(endpoint.body, values);
    return succeed({ endpoint, url, ...(json !== undefined && { json }) });
  };

  return {
    has: (name) => map.endpoints[name] !== undefined,
    reads: (name, field) => Object.hasOwn(map.endpoints[name]?.fields ?? {}, field),
    asks: (name, gap) => gapsOfEndpoint(map.endpoints[name]).includes(gap),
    show(name, given) {
      const prepared = prepare(name, given);
      if (!prepared.ok) return prepared;
      const { endpoint, url, json } = prepared.value;
      const header = `${headerName}: ${headerValue.replaceAll('{key}', '••••')}`;
      return succeed({ method: endpoint.method, url, header, ...(json !== undefined && { body: json }) });
    },
    async call(name, given, { write }) {
      const prepared = prepare(name, given);
      if (!prepared.ok) return prepared;
      const { endpoint, ...request } = prepared.value;
      const answer = await http.request({ method: endpoint.method, headers, ...request, write });
      return answer.ok ? succeed(toAnswer(answer.value, endpoint.fields)) : answer;
    },
  };
}

function toAnswer({ status, body }: HttpAnswer, fields: Readonly<Record<string, string>>): EndpointAnswer {
  return {
    status,
    body,
    fields,
    field: (name) => (Object.hasOwn(fields, name) ? readPath(body, fields[name] ?? '') : undefined),
  };
}

/** Gaps of calls about a new invitation. */
export function valuesOfOrder(order: InvitationOrder): GapValues {
  return {
    assessmentId: order.assessment.externalId,
    email: order.email,
    name: order.candidateName,
    invitationId: order.invitationId,
    message: order.message,
    expiresAt: order.expiresAt,
    profileUrl: order.profileUrl,
    extraTimePercent: order.extraTimePercent === undefined ? null : String(order.extraTimePercent),
    attempt: String(order.attempt),
    externalId: null,
    interviewId: null,
  };
}

/**
 * Gaps of calls about one that is out. Coderbyte's own id of an interview is what it answered when it was made, or what an admin
 * entered as the assessment.
 */
export function valuesOfInvitation(invitation: Invitation): GapValues {
  return {
    assessmentId: invitation.assessmentExternalId,
    email: invitation.email,
    invitationId: invitation.id,
    attempt: String(invitation.attempt),
    externalId: invitation.externalId,
    interviewId: invitation.externalId ?? invitation.assessmentExternalId,
  };
}

export function misconfigured(detail: string): CallResult<never> {
  return { ok: false, kind: 'misconfigured', detail };
}
