import { beforeEach, expect, it } from 'vitest';
import { keepKey, keyFor, refuseKey, takeKeyFromAddress } from './keys';

beforeEach(() => localStorage.clear());

it('takes the key of a link and cleans the address bar', () => {
  history.replaceState(null, '', '/b/board1?x=1#k=shl_secret');
  expect(takeKeyFromAddress('board1')).toBe(true);
  expect(location.href).not.toContain('shl_');
  expect(location.pathname + location.search).toBe('/b/board1?x=1');
  expect(keyFor('board1')).toBe('shl_secret');
  expect(localStorage.getItem('scorehold.key.board1')).toBe('"shl_secret"');
});

it('leaves other fragments alone', () => {
  history.replaceState(null, '', '/b/board2#section');
  expect(takeKeyFromAddress('board2')).toBe(false);
  expect(location.hash).toBe('#section');
});

it('keeps a refused key but does not send it again, until a new one comes', () => {
  keepKey('board3', 'shl_old');
  refuseKey('board3');
  expect(keyFor('board3')).toBeNull();
  expect(localStorage.getItem('scorehold.key.board3')).toBe('"shl_old"');
  keepKey('board3', 'shl_new');
  expect(keyFor('board3')).toBe('shl_new');
});
