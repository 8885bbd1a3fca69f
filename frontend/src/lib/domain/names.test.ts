import { describe, expect, it } from 'vitest';
import { initials, MAX_NAME, parseNames } from './names';

describe('pasted names', () => {
  it.each([
    ['Ana\nBen\r\nCleo', ['Ana', 'Ben', 'Cleo']],
    ['Ana, Ben;Cleo\tDan', ['Ana', 'Ben', 'Cleo', 'Dan']],
    ['1. Ana\n2) Ben\n(3) Cleo\n4: Dan\n05 Eva', ['Ana', 'Ben', 'Cleo', 'Dan', 'Eva']],
    ['- Ana\n• Ben\n* Cleo\n– Dan', ['Ana', 'Ben', 'Cleo', 'Dan']],
    ['"Ana"\n  Ben   van  Dyk \n\n,', ['Ana', 'Ben van Dyk']],
    ['Team 7\n49ers', ['Team 7', '49ers']],
    ['', []],
    [' \n\t ', []],
  ])('%j', (text, names) => {
    expect(parseNames(text)).toEqual(names);
  });

  it('cuts what is too long, never in the middle of an emoji', () => {
    const [name] = parseNames('🦊'.repeat(MAX_NAME + 5));
    expect(name).toBe('🦊'.repeat(MAX_NAME));
  });
});

describe('initials', () => {
  it.each([
    ['Ana', 'A'],
    ['ana lopes', 'AL'],
    ['Jean-Baptiste Emmanuel', 'JE'],
    ['Player 12', 'P12'],
    ['李小龙', '李'],
    ['🦊', '?'],
    ['🦊 Fox', 'F'],
  ])('%j is %j', (name, letters) => {
    expect(initials(name)).toBe(letters);
  });
});
