import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

/** https://github.com/CodeSignal/developer-docs, GraphQL API, "Rate limits and maximum cost". */
const MAXIMUM_COST = 10_000;
const MAXIMUM_DEPTH = 10;

/** From the type texts. `first`: times the page that was asked for. What is not here costs nothing of its own. */
const COSTS: Record<string, { cost: number; first?: true }> = {
  companyTests: { cost: 1, first: true },
  companyTest: { cost: 1 },
  companyTestSession: { cost: 2 },
  companyTestSessions: { cost: 2, first: true },
  atsCompanyTestSessions: { cost: 2 },
  liveInterview: { cost: 1 },
  liveInterviews: { cost: 1, first: true },
  testSession: { cost: 1 },
  testSessions: { cost: 1, first: true },
  taskResult: { cost: 1 },
  sessionTask: { cost: 1 },
  tasks: { cost: 1 },
  replayUrl: { cost: 1 },
};

interface Asked {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Record<string, unknown>;
  /** The most that `first` may be, and what it is when it is not said. */
  pageLimit: number | null;
}

/** Refuses what asks for too much at once. The cost of a field below a list counts for each of its rows. @throws GraphQLError */
export function checkLimits({ document, operation, variables, pageLimit }: Asked): void {
  const fragments = new Map(
    document.definitions
      .filter((one): one is FragmentDefinitionNode => one.kind === Kind.FRAGMENT_DEFINITION)
      .map((one) => [one.name.value, one.selectionSet]),
  );
  let total = 0;

  const readFirst = (value: ValueNode | undefined): number => {
    if (!value) return pageLimit ?? 20;
    const number =
      value.kind === Kind.VARIABLE ? variables[value.name.value] : 'value' in value ? Number(value.value) : Number.NaN;
    return typeof number === 'number' && Number.isFinite(number) ? number : (pageLimit ?? 20);
  };

  const walk = (set: SelectionSetNode | undefined, depth: number, times: number): void => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) walk(fragments.get(selection.name.value), depth, times);
      else if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet, depth, times);
      else {
        const { name, arguments: given, selectionSet } = selection;
        if (depth > MAXIMUM_DEPTH) throw new GraphQLError(`Query exceeds the maximum depth of ${MAXIMUM_DEPTH}`);
        const known = COSTS[name.value];
        const first = known?.first ? readFirst(given?.find((argument) => argument.name.value === 'first')?.value) : 1;
        if (known?.first && pageLimit !== null && first > pageLimit)
          throw new GraphQLError(`'first' must not be greater than ${pageLimit}`);
        total += (known?.cost ?? 0) * first * times;
        walk(selectionSet, depth + 1, times * first);
      }
    }
  };
  walk(operation.selectionSet, 1, 1);
  if (total > MAXIMUM_COST) throw new GraphQLError(`Query cost ${total} exceeds the maximum of ${MAXIMUM_COST}`);
}
