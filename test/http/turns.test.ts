import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTurn } from '../../src/http/turns.ts';

test('what waits for its turn is done in order, and what comes in from elsewhere is seen between two of it', async () => {
  const seen: string[] = [];
  // As the answer of a database is: each is seen in a turn of the loop of its own.
  const elsewhere = (left: number) => {
    if (left > 0)
      setImmediate(() => {
        seen.push('elsewhere');
        elsewhere(left - 1);
      });
  };
  await new Promise<void>((resolve) => {
    for (const name of ['first', 'second', 'third'])
      inTurn(() => {
        seen.push(name);
        if (name === 'third') resolve();
      });
    elsewhere(3);
  });
  assert.deepEqual(seen, ['first', 'elsewhere', 'second', 'elsewhere', 'third']);
});

test('what is added while something is done comes behind all that waits', async () => {
  const seen: number[] = [];
  await new Promise<void>((resolve) => {
    inTurn(() => {
      seen.push(1);
      inTurn(() => {
        seen.push(3);
        resolve();
      });
    });
    inTurn(() => seen.push(2));
  });
  assert.deepEqual(seen, [1, 2, 3]);
});
