import { expect, test } from 'vitest';
import { LatestCall } from './latest-call';

/** Calls that stay in flight until they are answered. */
function pendingCalls() {
  const open: ((answer: string) => void)[] = [];
  const sent: number[] = [];
  const answers: string[] = [];
  const errors: unknown[] = [];
  const latest = new LatestCall<number, string>(
    (request) => {
      sent.push(request);
      return new Promise((done, fail) => open.push((answer) => (answer === 'fail' ? fail(new Error(answer)) : done(answer))));
    },
    (answer) => answers.push(answer),
    (error) => errors.push(error),
  );
  const answer = async (text: string) => {
    open.shift()?.(text);
    await new Promise((done) => setTimeout(done));
  };
  return { latest, sent, answers, errors, answer };
}

test('of the requests that arrive while one is in flight, only the newest is sent', async () => {
  const { latest, sent, answers, answer } = pendingCalls();
  for (const request of [1, 2, 3, 4]) void latest.send(request);
  expect(sent, 'one in flight').toEqual([1]);
  await answer('one');
  expect(sent, '2 and 3 were overtaken').toEqual([1, 4]);
  await answer('four');
  expect(answers).toEqual(['one', 'four']);
});

test('a failed call is reported once and does not stop the next one', async () => {
  const { latest, sent, errors, answer } = pendingCalls();
  void latest.send(1);
  void latest.send(2);
  await answer('fail');
  expect(errors).toHaveLength(1);
  expect(sent).toEqual([1, 2]);
});

test('a dropped request is not sent, and the answer in flight is ignored', async () => {
  const { latest, sent, answers, answer } = pendingCalls();
  void latest.send(1);
  void latest.send(2);
  latest.drop();
  await answer('one');
  expect(answers).toEqual([]);
  expect(sent).toEqual([1]);
});

test('the promise resolves when the last request has been answered', async () => {
  const { latest, answers, answer } = pendingCalls();
  let resolved = false;
  void latest.send(1);
  const last = latest.send(2).then(() => (resolved = true));
  await answer('one');
  expect([resolved, latest.busy]).toEqual([false, true]);
  await answer('two');
  await last;
  expect([answers, latest.busy]).toEqual([['one', 'two'], false]);
});

test('a call that throws before it waits leaves the next one free to run', async () => {
  const sent: number[] = [];
  const errors: unknown[] = [];
  const latest = new LatestCall<number>(
    (request) => {
      sent.push(request);
      if (request === 1) throw new Error('lost');
      return Promise.resolve();
    },
    () => undefined,
    (error) => errors.push(error),
  );
  await latest.send(1);
  await latest.send(2);
  expect([sent, errors.length, latest.busy]).toEqual([[1, 2], 1, false]);
});
