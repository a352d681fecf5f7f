import { z } from 'zod';
import { findStrayGaps } from '../../lib/contract/endpoint-gaps.ts';
import { ENDPOINT_NAMES, type EndpointMap, endpointMapSchema } from '../../lib/contract/settings.ts';
import { t } from '../ui/t.ts';

const TOP = Object.keys(endpointMapSchema.shape);
const parts = z.object({ endpoints: z.record(z.string(), z.unknown()).optional() }).catchall(z.unknown());

/** By the place in the map, as in `endpoints.invite.path`; the empty place is the map as a whole. */
export type MapProblems = ReadonlyMap<string, string>;

/**
 * What is wrong with an endpoint map as JSON, as a sentence; null when nothing is, nor when it is empty. The server leaves out names that it does not
 * know, so that a slip of the pen would go unnoticed: here it is said.
 */
export function checkEndpointMap(text: string): string | null {
  const [first] = findMapProblems(text);
  if (!first) return null;
  const [path, sentence] = first;
  return path === '' ? sentence : t('admin.map.wrongAt', path, sentence);
}

/** The same for each field of the map. */
export function findMapProblems(text: string): MapProblems {
  if (!text) return new Map();
  const json = parseJson(text);
  if ('problem' in json) return new Map([['', json.problem]]);
  const stranger = findStranger(json.value);
  if (stranger) return new Map([['', t('admin.map.unknown', stranger.name, stranger.known.join(', '))]]);
  const checked = endpointMapSchema.safeParse(json.value);
  if (checked.success) return findSlips(checked.data);
  return new Map(
    checked.error.issues.map((issue) => {
      const path = issue.path.map(String).join('.');
      return [path, path ? say(issue) : t('admin.map.notObject')];
    }),
  );
}

/** What is well-formed and could all the same never work. */
function findSlips(map: EndpointMap): MapProblems {
  const problems = new Map<string, string>();
  if (map.baseUrl === undefined && Object.keys(map.endpoints).length > 0) problems.set('baseUrl', t('admin.map.noBase'));
  if (map.authHeader && !map.authHeader.value.includes('{key}')) problems.set('authHeader.value', t('admin.map.noKey'));
  for (const { path, gap, known } of findStrayGaps(map))
    problems.set(path, t('admin.map.strayGap', `{${gap}}`, known.map((name) => `{${name}}`).join(', ')));
  return problems;
}

function parseJson(text: string): { value: unknown } | { problem: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const line = lineOf(text, error);
    return { problem: line === null ? t('admin.map.notJson') : t('admin.map.notJsonAt', line) };
  }
}

/** Browsers name the place in their own words: Chromium says "position 12", Firefox "line 2 column 5". */
function lineOf(text: string, error: unknown): number | null {
  const message = error instanceof Error ? error.message : '';
  const line = /line (\d+)/.exec(message)?.[1];
  if (line) return Number(line);
  const position = /position (\d+)/.exec(message)?.[1];
  return position ? text.slice(0, Number(position)).split('\n').length : null;
}

function findStranger(value: unknown): { name: string; known: readonly string[] } | null {
  const { data } = parts.safeParse(value);
  if (!data) return null;
  const top = Object.keys(data).find((name) => !TOP.includes(name));
  if (top !== undefined) return { name: top, known: TOP };
  const known: readonly string[] = ENDPOINT_NAMES;
  const endpoint = Object.keys(data.endpoints ?? {}).find((name) => !known.includes(name));
  return endpoint === undefined ? null : { name: `endpoints.${endpoint}`, known };
}

function say(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return t('admin.map.oneOf', issue.values.map(String).join(', '));
    case 'invalid_format':
      return issue.format === 'url' ? t('admin.problem.url') : t('admin.map.slash');
    default:
      return t('admin.map.wrongKind');
  }
}
