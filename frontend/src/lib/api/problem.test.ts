import { expect, it } from 'vitest';
import { Problem } from './problem';

const response = (status: number) =>
  new Response(null, { status, headers: { 'request-id': 'r1' } });

it('reads a problem document', () => {
  const errors = [{ pointer: '/title', code: 'too_long', detail: 'At most 120 characters.' }];
  const problem = Problem.from(response(422), { code: 'invalid', detail: 'No.', errors });
  expect(problem).toMatchObject({ status: 422, code: 'invalid', requestId: 'r1', errors });
  expect(problem.message).toBe('At most 120 characters.');
});

it('makes something of an answer that is none', () => {
  expect(Problem.from(response(502), '<html>').code).toBe('http_502');
  expect(Problem.from(response(502), undefined).message).toContain('502');
});

it.each([
  [0, true],
  [408, true],
  [425, true],
  [429, true],
  [500, true],
  [503, true],
  [400, false],
  [401, false],
  [404, false],
  [409, false],
  [422, false],
])('a %i passes by itself: %s', (status, passing) => {
  expect(new Problem(status, 'x', 'x').isPassing).toBe(passing);
});
