import { describe, expect, test } from 'vitest';
import type { Row } from '../platform/types';
import { EMPTY, withPendingApplied, withRows, type ListOrder } from './list-order';

const row = (track_id: string, rank: number, score = 0.5) => ({ track_id, rank, score }) as Row;
const rows = (ids: string, score?: number) => [...ids].map((id, index) => row(id, index + 1, score));
const ids = (list: Row[] | null) => list?.map((one) => one.track_id).join('') ?? null;
const start: ListOrder = { shown: rows('abcd'), pending: null };

describe('a new order', () => {
  test('is shown at once where neither pointer nor focus is in the list', () => {
    expect(ids(withRows(start, rows('bacd'), false, false).shown)).toBe('bacd');
  });

  test('is pending while the pointer or the focus is in the list', () => {
    const held = withRows(start, rows('bacd'), true, false);
    expect(ids(held.shown)).toBe('abcd');
    expect(ids(held.pending)).toBe('bacd');
    expect(ids(withPendingApplied(held).shown), 'applied').toBe('bacd');
    expect(withPendingApplied(held).pending).toBeNull();
  });

  test('is shown at once where the editor asked for it', () => {
    expect(ids(withRows(start, rows('dcba'), true, true).shown)).toBe('dcba');
  });

  test('with the same rows in the same places only updates their values', () => {
    const held = withRows(start, rows('abcd', 0.9), true, false);
    expect(held.pending).toBeNull();
    expect(held.shown[0]?.score).toBe(0.9);
  });

  test('that is pending already updates the values of the shown rows', () => {
    const held = withRows(start, rows('dbxa', 0.9), true, false);
    expect(held.shown.map((one) => [one.track_id, one.rank, one.score])).toEqual([
      ['a', 1, 0.9], ['b', 2, 0.9], ['c', 3, 0.5], ['d', 4, 0.9],
    ]);
  });

  test('fills an empty list even under the pointer', () => {
    expect(ids(withRows(EMPTY, rows('ab'), true, false).shown)).toBe('ab');
  });

  test('replaces one that is pending', () => {
    const held = withRows(withRows(start, rows('bacd'), true, false), rows('cabd'), true, false);
    expect(ids(held.pending)).toBe('cabd');
  });
});
