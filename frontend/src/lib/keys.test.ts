import { beforeEach, describe, expect, it } from 'vitest';
import { keepKey, keepRole, keyFor, ownsHere, refuseKey, takeKeyFromAddress } from './keys';

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
  refuseKey('shl_old');
  expect(keyFor('board3')).toBeNull();
  expect(localStorage.getItem('scorehold.key.board3')).toBe('"shl_old"');
  keepKey('board3', 'shl_new');
  expect(keyFor('board3')).toBe('shl_new');
});

describe('a second link opened in the same browser', () => {
  const open = (slug: string, key: string) => {
    history.replaceState(null, '', `/b/${slug}#k=${key}`);
    return takeKeyFromAddress(slug);
  };

  it('does not take the board from its owner', () => {
    keepKey('board4', 'shl_own', 'own');
    expect(open('board4', 'shl_score')).toBe(true);
    expect(keyFor('board4')).toBe('shl_own');
    expect(location.href).not.toContain('shl_');
  });

  it('takes over when the first is refused', () => {
    keepKey('board5', 'shl_own', 'own');
    open('board5', 'shl_score');
    refuseKey('shl_own');
    expect(keyFor('board5')).toBe('shl_score');
  });

  it('replaces a weaker one, which stays in reserve', () => {
    keepKey('board6', 'shl_score', 'score');
    open('board6', 'shl_own');
    expect(keyFor('board6')).toBe('shl_own');
    expect(ownsHere('board6')).toBe(false);
    keepRole('board6', 'own');
    expect(ownsHere('board6')).toBe(true);
    refuseKey('shl_own');
    expect(keyFor('board6')).toBe('shl_score');
  });

  it('counts in every tab', () => {
    keepKey('board7', 'shl_old', 'own');
    localStorage.setItem('scorehold.key.board7', '"shl_renewed_elsewhere"');
    expect(keyFor('board7')).toBe('shl_renewed_elsewhere');
  });
});
