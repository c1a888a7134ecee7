import { describe, expect, test } from 'vitest';
import type { Row } from '../platform/types';
import { apply, settle, type Standing } from './standing';

const row = (track_id: string, rank: number, score = 0.5) => ({ track_id, rank, score }) as Row;
const rows = (ids: string, score?: number) => [...ids].map((id, index) => row(id, index + 1, score));
const ids = (list: Row[] | null) => list?.map((one) => one.track_id).join('') ?? null;
const start: Standing = { shown: rows('abcd'), waiting: null };

describe('a new order', () => {
  test('is shown at once where nobody is in the list', () => {
    expect(ids(settle(start, rows('bacd'), false, false).shown)).toBe('bacd');
  });

  test('waits while the pointer or the focus is in the list', () => {
    const held = settle(start, rows('bacd'), true, false);
    expect(ids(held.shown)).toBe('abcd');
    expect(ids(held.waiting)).toBe('bacd');
    expect(ids(apply(held).shown), 'applied').toBe('bacd');
    expect(apply(held).waiting).toBeNull();
  });

  test('that the editor asked for does not wait', () => {
    expect(ids(settle(start, rows('dcba'), true, true).shown)).toBe('dcba');
  });

  test('of nothing but new values does not wait', () => {
    const held = settle(start, rows('abcd', 0.9), true, false);
    expect(held.waiting).toBeNull();
    expect(held.shown[0]?.score).toBe(0.9);
  });

  test('lets held rows tell what is newly known, in their old places', () => {
    const held = settle(start, rows('dbxa', 0.9), true, false);
    expect(held.shown.map((one) => [one.track_id, one.rank, one.score])).toEqual([
      ['a', 1, 0.9], ['b', 2, 0.9], ['c', 3, 0.5], ['d', 4, 0.9],
    ]);
  });

  test('fills an empty list even under the pointer', () => {
    expect(ids(settle({ shown: [], waiting: null }, rows('ab'), true, false).shown)).toBe('ab');
  });

  test('that comes while another waits takes its place', () => {
    const held = settle(settle(start, rows('bacd'), true, false), rows('cabd'), true, false);
    expect(ids(held.waiting)).toBe('cabd');
  });
});
