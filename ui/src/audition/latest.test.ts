import { expect, it } from 'vitest';
import { Latest } from './latest';

it('makes the first and the last of many calls, one at a time', async () => {
  const made: number[] = [];
  let under_way = 0;
  const latest = new Latest<number>(async (value) => {
    expect(++under_way).toBe(1);
    await Promise.resolve();
    made.push(value);
    under_way -= 1;
  });
  for (let i = 0; i < 50; i++) void latest.ask(i);
  await latest.ask(50);
  expect(made).toEqual([0, 50]);
  expect(latest.busy).toBe(false);
});

it('goes on after a call that failed', async () => {
  const made: number[] = [];
  const latest = new Latest<number>((value) => (value === 1 ? Promise.reject(new Error('lost')) : Promise.resolve(void made.push(value))));
  await expect(latest.ask(1)).rejects.toThrow('lost');
  await latest.ask(2);
  expect(made).toEqual([2]);
});
