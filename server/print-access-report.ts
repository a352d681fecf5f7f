import type { AccessFact, AccessReport, AccessRight } from '../lib/contract/access.ts';
import { say } from './say.ts';

/** The report as plain text, for a terminal: what has to be done first comes first. */
export function printAccessReport(report: AccessReport): string {
  const { rights, facts } = report;
  const groups: [string, AccessRight[]][] = [
    [say('server.doctor.missing'), rights.filter(({ state, needed }) => state === 'missing' && needed)],
    [say('server.doctor.unknown'), rights.filter(({ state }) => state === 'unknown')],
    [say('server.doctor.granted'), rights.filter(({ state }) => state === 'granted')],
    [say('server.doctor.unneeded'), rights.filter(({ state }) => state === 'unneeded')],
    [say('server.doctor.further'), rights.filter(({ state, needed }) => state === 'missing' && !needed)],
  ];
  const width = Math.max(0, ...rights.map(({ name }) => name.length));
  return [
    `${report.connection}: ${report.summary}`,
    ...groups.filter(([, rows]) => rows.length > 0).map(([title, rows]) => [title, ...rows.map(toLine(width))].join('\n')),
    [say('server.doctor.facts'), ...facts.map(toFactLine)].join('\n'),
  ].join('\n\n');
}

function toLine(width: number) {
  return ({ name, purpose }: AccessRight) => `  ${name.padEnd(width)}  ${purpose}`;
}

const MARKS: Record<AccessFact['state'], string> = { good: 'ok', bad: '!', unknown: '?' };

function toFactLine({ state, text }: AccessFact): string {
  return `  ${MARKS[state].padEnd(2)}  ${text}`;
}
