import type { Mutation } from './mutation.ts';

export const MUTATIONS_S3: readonly Mutation[] = [
  {
    name: 'a Lever delivery of any age is taken',
    file: 'server/ats/lever/verify-delivery.ts',
    find: "if (ageMs > MAX_AGE_MS || ageMs < -MAX_AHEAD_MS) return refuse('too-old');",
    replace: '',
    checks: ['S3'],
  },
  {
    name: 'of two Lever deliveries with one token the altered one hides the other',
    file: 'server/ats/lever/verify-delivery.ts',
    find: "return `${token}:${hash('sha256', bytes, 'hex').slice(0, 32)}`;",
    replace: 'void bytes;\n  return token;',
    checks: ['S3'],
  },
  {
    name: 'a stage entry is taken from the body of a webhook, too',
    file: 'server/jobs/lane.ts',
    find: "    : { kind: 'not-needed' };\n",
    replace: `    : { kind: 'not-needed' };
  const { rows } = await services.db.execute(\`select convert_from(body, 'UTF8') as body from tagalong.deliveries
    where event = 'candidateStageChange' and hints @> '[{ "applicationId": "\${current.row.applicationId}" }]'\`);
  for (const { triggeredAt, data } of rows.map(({ body }) => JSON.parse(String(body)))) {
    const [stageId, key] = [data.toStageId, \`\${data.toStageId}@\${triggeredAt}\`];
    if (read.kind === 'fresh' && stageId && !read.snapshot.stageEntries.some((one) => one.key === key)) {
      read.snapshot.stageEntries.push({ key, stageId, stageName: null, enteredAt: new Date(triggeredAt).toISOString() });
      read.snapshot.stage = { id: stageId, name: '' };
    }
  }
`,
    checks: ['S3'],
  },
];
