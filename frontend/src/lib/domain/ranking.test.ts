import { describe, expect, it } from 'vitest';
import { rank, type OrderRules, type Standing } from './ranking';
import vectors from '../../../../backend/src/domain/ranking.vectors.json';

describe('ranking', () => {
  it.each(vectors.cases)('$name', ({ rules, standings, ranked }) => {
    const given = standings as unknown as Standing[];
    const expected = ranked.map(([id, place]) => ({ id, rank: place }));
    expect(rank(given, rules as OrderRules)).toEqual(expected);
    // The answer depends on the standings, not on the order in which they came.
    expect(rank([...given].reverse(), rules as OrderRules)).toEqual(expected);
  });
});
