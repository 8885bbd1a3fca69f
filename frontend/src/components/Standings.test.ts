import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { StandingsRow } from '$lib/api/client';
import Standings from './Standings.svelte';

const row = (name: string, rank: number | null, total: number | null) =>
  ({
    rank,
    total,
    tiebreak: null,
    entries: 1,
    player: { id: `plr_${name}`, name },
  }) as StandingsRow;
const props = (rows: StandingsRow[]) => ({ label: 'Friday', rows, decimals: 0 });
const rows = () => screen.getAllByRole('row').slice(1);

describe('standings', () => {
  it('shows rank, name and total in the order given', () => {
    render(Standings, props([row('Ana', 1, 1200), row('Ben', 2, 7), row('Cleo', null, null)]));
    expect(screen.getByRole('table', { name: 'Friday' })).toHaveAttribute('aria-rowcount', '4');
    expect(rows().map((found) => found.textContent?.replace(/\s+/g, ' ').trim())).toEqual([
      '1 A Ana 1,200',
      '2 B Ben 7',
      '–no rank C Cleo –no score',
    ]);
  });

  it.each([
    ['one leader', [row('Ana', 1, 9), row('Ben', 2, 7)], 1],
    ['a shared lead', [row('Ana', 1, 9), row('Ben', 1, 9), row('Cleo', 3, 1)], 2],
    ['nobody yet', [row('Ana', null, null), row('Ben', null, null)], 0],
    ['everybody leads', [row('Ana', 1, 0), row('Ben', 1, 0)], 0],
  ])('makes the row of %s taller', (_, given, leaders) => {
    const { container } = render(Standings, props(given));
    expect(container.querySelectorAll('.leads')).toHaveLength(leaders);
  });

  it('picks a player by its row, with mouse and keyboard', async () => {
    const onselect = vi.fn();
    const ana = row('Ana', 1, 9);
    render(Standings, { ...props([ana, row('Ben', 2, 7)]), onselect, selected: 'plr_Ben' });
    expect(screen.getByRole('button', { name: 'Ben' })).toHaveAttribute('aria-pressed', 'true');
    const button = screen.getByRole('button', { name: 'Ana' });
    await userEvent.click(button);
    button.focus();
    await userEvent.keyboard('{Enter}');
    expect(onselect.mock.calls).toEqual([[ana], [ana]]);
  });

  it('has nothing to press for those who watch', () => {
    render(Standings, props([row('Ana', 1, 9)]));
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('keeps a long list out of the document, and says how long it is', () => {
    const many = Array.from({ length: 5000 }, (_, index) =>
      row(`P${index}`, index + 1, 5000 - index),
    );
    render(Standings, props(many));
    expect(rows().length).toBeLessThan(60);
    expect(screen.getByRole('table')).toHaveAttribute('aria-rowcount', '5001');
    expect(within(rows()[0] as HTMLElement).getByText('P0')).toBeVisible();
  });
});
