/* Names as people paste them: lists from chats, tables and documents. */

export const MAX_NAME = 60;

const BULLET = /^\s*(?:[-*•·–—▪◦‣]+\s+|[([]?\d{1,4}[.)\]:]+\s*|\d{1,4}\s+(?=\p{L}))/u;

function clean(name: string): string {
  return name
    .replace(BULLET, '')
    .replace(/^["'“”]+|["'“”]+$/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** Characters are counted as people see them, so that an emoji is never cut in half. */
function cut(name: string): string {
  const characters = [...name];
  return characters.length <= MAX_NAME ? name : characters.slice(0, MAX_NAME).join('').trim();
}

export function parseNames(text: string): string[] {
  return text
    .split(/[\r\n,;\t]+/u)
    .map((name) => cut(clean(name)))
    .filter((name) => name !== '');
}

/** The second cue beside a colour: at most two letters. */
export function initials(name: string): string {
  const words = name.split(/[\s\-_.]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = words[0] ?? name;
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  const letter = (word: string) => [...word].find((char) => /[\p{L}\p{N}]/u.test(char)) ?? '';
  const number = /\d+$/u.exec(last ?? '')?.[0];
  if (number) return (letter(first) + number).slice(0, 3).toLocaleUpperCase();
  return (letter(first) + (last ? letter(last) : '')).toLocaleUpperCase() || '?';
}
