// @vitest-environment node
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { generate, TYPES } from '../scripts/api-types.mjs';

it('the types are those of the committed document (npm run api:types)', async () => {
  expect(readFileSync(TYPES, 'utf8')).toBe(await generate());
});
