import { expect, test } from 'vitest';
import { failuresOfFaults, failuresOfPlaywright, failuresOfVitest, tell, violationsOfFaults } from './failures-of-reports.ts';

test('a failed test is told with its file and its cause, one that passed is not', () => {
  const report = {
    testResults: [
      {
        name: 'a.test.ts',
        message: '',
        assertionResults: [
          { status: 'passed', fullName: 'good', failureMessages: [] },
          { status: 'failed', fullName: 'bad', failureMessages: ['expected 1 to be 2'] },
        ],
      },
    ],
  };
  expect(failuresOfVitest(report)).toEqual([{ what: 'a.test.ts: bad', why: 'expected 1 to be 2' }]);
});

test('a test file that could not be loaded is told, though no test of it failed', () => {
  const report = { testResults: [{ name: 'a.test.ts', message: 'Cannot find module', assertionResults: [] }] };
  expect(failuresOfVitest(report)).toEqual([{ what: 'a.test.ts', why: 'Cannot find module' }]);
});

test('browser tests are found in nested groups, and those that needed a second try are told', () => {
  const spec = (title: string, status: string, message?: string) => ({
    title,
    file: 'panel.e2e.ts',
    tests: [{ status, results: [...(message ? [{ error: { message } }] : []), {}] }],
  });
  const report = {
    errors: [{ message: 'no browser' }],
    suites: [
      {
        title: 'panel.e2e.ts',
        specs: [spec('one', 'expected')],
        suites: [{ title: 'inner', specs: [spec('two', 'unexpected', 'timed out'), spec('three', 'flaky', 'not visible')] }],
      },
    ],
  };
  expect(failuresOfPlaywright(report)).toEqual([
    { what: 'browser tests', why: 'no browser' },
    { what: 'panel.e2e.ts: two', why: 'timed out' },
    { what: 'panel.e2e.ts: three (passed at the second try)', why: 'not visible' },
  ]);
});

test('a row that was not met is told with its figure and what its check said', () => {
  const rows = [
    { id: 'R1', what: 'kills', figure: 'L=0', met: true },
    { id: 'R3', what: 'store', figure: 'L=2', met: false },
    { id: 'R4', what: 'twice', figure: 'D=1', met: false, said: ['3 notes instead of 2', 'invitations: 9'] },
  ];
  expect(failuresOfFaults(rows)).toEqual([
    { what: 'R3 store', why: 'L=2' },
    { what: 'R4 twice', why: 'D=1\n3 notes instead of 2\ninvitations: 9' },
  ]);
});

test('a failure is told without colours and without its long tail', () => {
  const why = ['\u001b[31mred\u001b[39m', '', ...Array.from({ length: 40 }, (_, line) => `line ${line}`)].join('\n');
  const lines = tell({ what: 'a test', why }).split('\n');
  expect(lines.slice(0, 3)).toEqual(['✗ a test', '    red', '    line 0']);
  expect(lines).toHaveLength(13);
});

test('what was lost, twice, silent or wrong stands; a time, too few tries or a check that broke may be tried again', () => {
  const row = (id: string, more: object) => ({ ...{ id, what: 'of it', figure: 'figure', met: false }, ...more });
  const rows = [
    row('MET', { met: true, wrong: 0 }),
    row('LOST', { wrong: 1 }),
    row('UNTOLD', {}),
    row('SLOW', { wrong: 0 }),
    row('FEW', { ofItself: true }),
    row('BROKE', { figure: 'broke: did not end within 180 s' }),
  ];
  expect(violationsOfFaults(rows).map(({ what }) => what)).toEqual(['LOST of it', 'UNTOLD of it']);
});
