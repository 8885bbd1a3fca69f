import { expect, it } from 'vitest';
import { keyFile } from './key-file';

it('opens the board, whatever its title says', () => {
  const title = '<script>alert("1")</script> & "friends"';
  const file = keyFile(title, 'https://scores.example/b/7h2kqm9xwd#k=shl_secret');
  const page = new DOMParser().parseFromString(file, 'text/html');
  expect(page.querySelector('h1')?.textContent).toBe(title);
  expect(page.title).toBe(`Key to ${title}`);
  expect(page.querySelector('a')?.getAttribute('href')).toBe(
    'https://scores.example/b/7h2kqm9xwd#k=shl_secret',
  );
  expect(page.querySelector('script')).toBeNull();
});
