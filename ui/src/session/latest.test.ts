import { expect, test } from 'vitest';
import { Latest } from './latest';

function slow() {
  const open: ((answer: string) => void)[] = [];
  const asked: number[] = [];
  const taken: string[] = [];
  const failed: unknown[] = [];
  const latest = new Latest<number, string>(
    (ask) => {
      asked.push(ask);
      return new Promise((done, fail) => open.push((answer) => (answer === 'fail' ? fail(new Error(answer)) : done(answer))));
    },
    (answer) => taken.push(answer),
    (error) => failed.push(error),
  );
  const answer = async (text: string) => {
    open.shift()?.(text);
    await new Promise((done) => setTimeout(done));
  };
  return { latest, asked, taken, failed, answer };
}

test('only the newest of the asks that came meanwhile is asked', async () => {
  const { latest, asked, taken, answer } = slow();
  for (const ask of [1, 2, 3, 4]) latest.ask(ask);
  expect(asked, 'one in flight').toEqual([1]);
  await answer('one');
  expect(asked, 'two and three were overtaken').toEqual([1, 4]);
  await answer('four');
  expect(taken).toEqual(['one', 'four']);
});

test('a failure is told once and does not stop the next ask', async () => {
  const { latest, asked, failed, answer } = slow();
  latest.ask(1);
  latest.ask(2);
  await answer('fail');
  expect(failed).toHaveLength(1);
  expect(asked).toEqual([1, 2]);
});

test('what was dropped is neither asked nor taken', async () => {
  const { latest, asked, taken, answer } = slow();
  latest.ask(1);
  latest.ask(2);
  latest.drop();
  await answer('one');
  expect(taken).toEqual([]);
  expect(asked).toEqual([1]);
});
