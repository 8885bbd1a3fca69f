import { expect, test } from 'vitest';
import { accentOf } from './colour';

test('a colour gives its hue', () => {
  expect(accentOf('#ff0000')).toEqual({ hue: 29, tint: 1 });
  expect(accentOf('#0072b2')?.hue).toBe(244);
  expect(accentOf('#009E73')).toEqual({ hue: 165, tint: 1 });
});

test('a grey has none', () => {
  for (const grey of ['#000000', '#808080', '#ffffff']) {
    expect(accentOf(grey)?.tint).toBeLessThan(0.01);
  }
});

test('a word is no colour', () => {
  for (const word of ['', 'dark', '#fff', '#12345g']) expect(accentOf(word)).toBeNull();
});
