/* Refusals that deserve better words than the server's, which cannot see the page. */
import type { Problem } from '$lib/api/problem';

const WORDS: Record<string, string> = {
  last_own_link:
    'This is the last link that owns the board for good: without it nobody could change the board any more. Make another link that owns it and never expires, then come back.',
  precondition_failed: 'Somebody else changed this link first. Close this and look again.',
  invalid_credential: 'The link of this browser is no longer valid.',
};

export const explain = (problem: Problem): string => WORDS[problem.code] ?? problem.message;
