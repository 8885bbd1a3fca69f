import { fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Game, StandingsRow } from '$lib/api/client';
import Dock from './Dock.svelte';

const row = { total: 5, rank: 1, player: { id: 'plr_1', name: 'Ana' } } as StandingsRow;
const add = vi.fn();
const undo = vi.fn();
const session = { selected: row, settle: vi.fn(), panel: null as unknown };

function dock(step = 1, last: unknown = undefined) {
  render(Dock, {
    session: session as never,
    actions: { scorer: { add }, steps: { last }, undo } as never,
    game: { step, decimals: 0 } as Game,
  });
}

const plus = () => screen.getByRole('button', { name: 'Ana +1' });
const press = (button: HTMLElement) => fireEvent.pointerDown(button, { button: 0 });

beforeEach(() => {
  vi.useFakeTimers();
  add.mockClear();
});
afterEach(() => vi.useRealTimers());

describe('the scoring dock', () => {
  it('counts when the finger goes down, not when the click arrives', async () => {
    dock();
    await press(plus());
    expect(add.mock.calls).toEqual([['plr_1', { value: 1 }, false]]);
    await fireEvent.pointerUp(plus());
    await fireEvent.click(plus(), { detail: 1 });
    expect(add).toHaveBeenCalledTimes(1);
  });

  it('repeats while held, as one gesture, and stops', async () => {
    dock();
    await press(plus());
    vi.advanceTimersByTime(449);
    expect(add).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(700);
    const held = add.mock.calls.length;
    expect(held).toBeGreaterThan(4);
    expect(add).toHaveBeenLastCalledWith('plr_1', { value: 1 }, true);
    await fireEvent.pointerUp(plus());
    vi.advanceTimersByTime(5_000);
    expect(add).toHaveBeenCalledTimes(held);
  });

  it('works without a pointer', async () => {
    dock();
    await fireEvent.click(plus(), { detail: 0 });
    expect(add).toHaveBeenCalledTimes(1);
  });

  it('counts by the step of the board, down as well', async () => {
    dock(5);
    await press(screen.getByRole('button', { name: 'Ana −5' }));
    expect(add).toHaveBeenCalledWith('plr_1', { value: -5 }, false);
  });

  it('opens the keypad, and offers undo only when there is something', async () => {
    dock();
    await fireEvent.click(screen.getByRole('button', { name: 'Enter a score for Ana' }));
    expect(session.panel).toEqual({ is: 'score', player: 'plr_1' });
    expect(screen.getByRole('button', { name: 'Undo' })).toBeDisabled();
  });
});
