import { useState } from 'react';
import type { ConnectionKind } from '../../lib/contract/settings.ts';
import { problemsByPath } from './api-failure.ts';
import { checkConnectionField } from './check-connection-field.ts';
import { type ConnectionValues, type FieldName, fieldsFor } from './connection-fields.ts';
import { type Draft, useDraft } from './use-draft.ts';

export interface ConnectionFormInput {
  kind: ConnectionKind;
  saved: ConnectionValues;
  lastFour: Record<string, string | null>;
  /** What the server said to the last save. */
  failure: Error | null;
}

export interface ConnectionForm extends Draft<ConnectionValues> {
  /** Grows with every save and discard. */
  version: number;
  /** To be shown: of the fields that were touched, and of all once a save was tried. */
  problems: Partial<Record<FieldName, string>>;
  /** True when nothing is wrong; otherwise everything that is wrong shows from now on. */
  check(): boolean;
}

/** The values of a connection's form with what is wrong with them, while typing. */
export function useConnectionForm({ kind, saved, lastFour, failure }: ConnectionFormInput): ConnectionForm {
  const draft = useDraft(saved);
  const [wasTried, setWasTried] = useState(false);
  const [version, setVersion] = useState(0);
  const all = findProblems(kind, draft.values, lastFour);
  const refused = Object.entries(problemsByPath(failure));
  const shown = fieldsFor(kind, draft.values).flatMap(({ name }) => {
    const own = wasTried || draft.changed.includes(name) ? all[name] : undefined;
    const problem = own ?? refused.find(([path]) => isOf(name, path))?.[1];
    return problem ? [[name, problem] as const] : [];
  });
  return {
    ...draft,
    version,
    reset: () => {
      setVersion(version + 1);
      setWasTried(false);
      draft.reset();
    },
    problems: Object.fromEntries(shown),
    check: () => {
      setWasTried(true);
      return Object.keys(all).length === 0;
    },
  };
}

function findProblems(kind: ConnectionKind, values: ConnectionValues, lastFour: Record<string, string | null>) {
  const problems: Partial<Record<FieldName, string>> = {};
  for (const field of fieldsFor(kind, values)) {
    const problem = checkConnectionField(field, values[field.name] ?? '', (lastFour[field.name] ?? null) !== null);
    if (problem) problems[field.name] = problem;
  }
  return problems;
}

/** `settings.map.endpoints.list.path` belongs to the field `map`. */
function isOf(name: FieldName, path: string): boolean {
  const [first, second] = path.split('.');
  return first === name || second === name;
}
