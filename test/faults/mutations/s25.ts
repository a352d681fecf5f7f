import type { Mutation } from './mutation.ts';

const CHAIN = 'server/audit/chain.ts';
const HEAD = 'server/audit/head.ts';
const VERIFY = 'server/audit/verify-chain.ts';

export const MUTATIONS_S25: readonly Mutation[] = [
  {
    name: 'the hash of an entry is not made anew when the chain is verified',
    file: CHAIN,
    find: "  if (entry.hash !== hashEntry(entry, entry.prevHash)) return 'changed';\n",
    replace: '',
    checks: ['S25'],
  },
  {
    name: 'an entry need not follow from the one before',
    file: CHAIN,
    find: "  if (entry.prevHash !== previous.hash) return 'not-linked';\n",
    replace: '',
    checks: ['S25'],
  },
  {
    name: 'the time of an entry is left out of its hash',
    file: CHAIN,
    find: 'const columns = [prevHash, seq, id, at, whoKind',
    replace: 'const columns = [prevHash, seq, id, typeof at, whoKind',
    checks: ['S25'],
  },
  {
    name: 'details are not compared with their hash',
    file: CHAIN,
    find: "return hashDetail(detail) === detailHash ? null : 'detail-changed';",
    replace: 'return null;',
    checks: ['S25'],
  },
  {
    name: 'a detail may be missing though nobody was erased',
    file: CHAIN,
    find: "if (detail === null) return mayBeGone() ? null : 'detail-gone';",
    replace: 'if (detail === null) return null;',
    checks: ['S25'],
  },
  {
    name: 'the seal of the end is not opened',
    file: HEAD,
    find: 'return sealer.open(code, SEALED_FOR.auditHead) === textOf(head);',
    replace: 'return code !== textOf(head) || sealer === undefined;',
    checks: ['S25'],
  },
  {
    name: 'a chain shorter than its sealed end passes',
    file: VERIFY,
    find: "  if (end.seq < head.seq) return { kind: 'cut-short', seq: end.seq + 1 };\n",
    replace: '  if (end.seq < head.seq) return null;\n',
    checks: ['S25'],
  },
  {
    name: 'an end that was noted elsewhere is not looked for',
    file: VERIFY,
    find: 'const isShort = noted !== null && fault === null && noted.seq > walked.end.seq;',
    replace: 'const isShort = noted !== null && fault !== null && noted.seq > walked.end.seq;',
    checks: ['S25'],
  },
];
