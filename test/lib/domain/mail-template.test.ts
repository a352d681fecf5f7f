import { describe, expect, it } from 'vitest';
import { checkMailTemplate, fillMailTemplate, wordsOf } from '../../../lib/domain/mail-template.ts';

const VALUES = { name: 'Ada', company: 'Acme', assessment: 'SWE', deadline: 'Friday', link: 'https://v.example/1', message: '' };
const template = (text: string, subject = 'Hello {name}') => ({ subject, text });

describe('the company’s own words', () => {
  it.each([
    ['{link}', '', { field: 'subject', kind: 'empty' }],
    ['  ', 'Hi', { field: 'text', kind: 'empty' }],
    ['Hello {name}', 'Hi', { field: 'text', kind: 'no-link' }],
    ['{link} {nmae}', 'Hi', { field: 'text', kind: 'unknown-gap', gap: '{nmae}' }],
    ['{link} {Name}', 'Hi', { field: 'text', kind: 'unknown-gap', gap: '{Name}' }],
    ['{link} {name', 'Hi', { field: 'text', kind: 'unknown-gap', gap: '{name' }],
    ['{link} }', 'Hi', { field: 'text', kind: 'unknown-gap', gap: '}' }],
    ['{link}', 'See {link}', { field: 'subject', kind: 'unknown-gap', gap: '{link}' }],
    ['{{link}}', 'Hi', { field: 'text', kind: 'unknown-gap', gap: '{}' }],
  ])('%j under %j are refused', (text, subject, problem) => {
    expect(checkMailTemplate({ subject, text })).toEqual(problem);
  });

  it('are taken with all gaps', () => {
    const all = '{name} {company} {assessment} {deadline} {link} {message}';
    expect(checkMailTemplate(template(all, '{name} {company} {assessment} {deadline}'))).toBeNull();
  });

  it('are filled once: what comes from people is not looked at for gaps', () => {
    const { subject, paragraphs } = fillMailTemplate(template('{name}\n\n{link}'), { ...VALUES, name: '{link} {message}' });
    expect(subject).toBe('Hello {link} {message}');
    expect(paragraphs).toEqual([[{ words: '{link} {message}' }], [{ link: 'https://v.example/1' }]]);
  });

  it('leave out a paragraph that comes out empty', () => {
    const { paragraphs } = fillMailTemplate(template('Hi {name},\r\n\r\n{message}\n \n\nBegin: {link}\nSoon.'), VALUES);
    expect(paragraphs.map(wordsOf)).toEqual(['Hi Ada,', 'Begin: https://v.example/1\nSoon.']);
  });
});
