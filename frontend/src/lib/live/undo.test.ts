import { expect, it, vi } from 'vitest';
import { UndoStack } from './undo.svelte';

it('takes back the newest first, each once', async () => {
  const stack = new UndoStack();
  const revert = vi.fn();
  stack.push({ label: 'one', revert: () => revert('one') });
  stack.push({ label: 'two', revert: () => revert('two') });
  await stack.undo();
  await stack.undo();
  await stack.undo();
  expect(revert.mock.calls).toEqual([['two'], ['one']]);
});

it('takes back the very step of a toast, and only while it stands', async () => {
  const stack = new UndoStack();
  const revert = vi.fn();
  const step = { label: 'one', revert };
  stack.push(step);
  stack.push({ label: 'two', revert: vi.fn() });
  expect((await stack.undo(step))?.label).toBe('one');
  expect(await stack.undo(step)).toBeUndefined();
  expect(revert).toHaveBeenCalledTimes(1);
  expect(stack.last?.label).toBe('two');
});

it('keeps a step that could not be taken back', async () => {
  const stack = new UndoStack();
  stack.push({ label: 'one', revert: () => Promise.reject(new Error('offline')) });
  await expect(stack.undo()).rejects.toThrow('offline');
  expect(stack.last?.label).toBe('one');
});
