/**
 * One guard taken out, by replacing a piece of the source. `npm run mutations` makes a copy of the tree for each, changes it there, and
 * runs the checks at size small: at least one of them must miss its target, else the mutation survived and the run fails.
 */
export interface Mutation {
  /** What is broken, in words: "acknowledged before the commit". */
  name: string;
  file: string;
  /** Stands in the file exactly once; else the list is out of date and the run says so. */
  find: string;
  replace: string;
  /** Ids of the checks that ought to see it; run in this order until one does. */
  checks: readonly string[];
}
