import type { Mutation } from './mutation.ts';

export const MUTATIONS_S24: readonly Mutation[] = [
  {
    name: 'a late webhook about somebody erased is taken like any other',
    file: 'server/jobs/take-out-erased.ts',
    find: '!of(index).out.some(isErased)',
    replace: '!of(index).out.some((mark) => isErased(mark) && false)',
    checks: ['S24'],
  },
  {
    name: 'a page of somebody erased is looked up like any other',
    file: 'server/http/find-application.ts',
    find: '  if (erased) return erased;\n',
    replace: '',
    checks: ['S24'],
  },
  {
    name: 'the details of the audit are kept',
    file: 'server/erasure/erase-rows.ts',
    find: "  await drop('audit_details', auditDetails, inArray(auditDetails.auditId, entries));\n",
    replace: '  void entries;\n  void auditDetails;\n',
    checks: ['S24'],
  },
  {
    name: 'the audit is not told who was erased',
    file: 'server/erasure/erase-ready.ts',
    find: '    await appendAudit(tx, services, { ...entry, applicationKey });\n',
    replace: '',
    checks: ['S24'],
  },
  {
    name: 'the bodies of webhooks are kept',
    file: 'server/erasure/erase-deliveries.ts',
    find: '        body: null,\n',
    replace: '',
    checks: ['S24'],
  },
  {
    name: 'what waited to be done is done though the person is being erased',
    file: 'server/jobs/run-effect.ts',
    find: "row.kind !== 'cancel-invitation' && around.erasing",
    replace: "row.kind !== 'cancel-invitation' && around.erasing && false",
    checks: ['S24'],
  },
  {
    name: 'an erasure waits for a vendor that is away',
    file: 'server/erasure/get-ready.ts',
    find: 'const PATIENCE_MS = 30_000;',
    replace: 'const PATIENCE_MS = 3_000_000;',
    checks: ['S24'],
  },
  {
    name: 'what is not shown counts as deleted',
    file: 'server/jobs/lane-gather.ts',
    find: "      return { kind: 'absent', trouble: read, deleted: false };",
    replace: "      return { kind: 'absent', trouble: read, deleted: true };",
    checks: ['S24'],
  },
  {
    name: 'rows and the mark that it is done are written apart',
    file: 'server/erasure/erase-ready.ts',
    find: '    counts.jobs = await means.forgetJobs(tx,',
    replace: "    await tx.execute('commit');\n    await tx.execute('begin');\n    counts.jobs = await means.forgetJobs(tx,",
    checks: ['S24'],
  },
];
