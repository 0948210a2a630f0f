import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Line, LineClosedError, type Questions, within } from '../../src/processes/line.ts';

type Near = { readonly twice: (number: number) => number; readonly fail: () => never };
type Far = { readonly nothing: () => undefined };

/** Two ends that reach each other, and what has gone from the first to the second. */
function connect(near: Questions = {}, far: Questions = {}) {
  const letters: object[] = [];
  const first: Line<Near> = new Line((letter) => {
    letters.push(letter);
    second.receive(structuredClone(letter));
  }, far);
  const second: Line<Far> = new Line((letter) => first.receive(structuredClone(letter)), near);
  return { first, second, letters };
}

it('answers each question by itself, and what is asked in a turn goes out as one', async () => {
  const twice = async (number: number) => {
    if (number === 1) await delay(5);
    return 2 * number;
  };
  const { first, letters } = connect({ twice });
  assert.deepEqual(await Promise.all([1, 2, 3].map((number) => first.ask('twice', number))), [2, 4, 6]);
  assert.equal(letters.length, 1);
});

it('answers nothing as nothing, and in both directions', async () => {
  const { second } = connect({}, { nothing: () => undefined });
  assert.equal(await second.ask('nothing'), undefined);
});

it('hands on why a question failed, and goes on', async () => {
  const fail = () => {
    throw new Error('no room');
  };
  const { first } = connect({ fail, twice: (number: number) => 2 * number });
  await assert.rejects(first.ask('fail'), /no room/);
  first.tell('fail');
  assert.equal(await first.ask('twice', 4), 8);
  const { first: unknown } = connect();
  await assert.rejects(unknown.ask('twice', 1), /nobody answers twice/);
});

it('tells all who wait when the other process has ended, and whoever asks then', async () => {
  const { first } = connect({ twice: () => new Promise(() => {}) });
  const waiting = first.ask('twice', 1);
  setImmediate(() => first.close());
  await assert.rejects(waiting, LineClosedError);
  await assert.rejects(first.ask('twice', 1), LineClosedError);
});

it('leaves alone what is no letter', async () => {
  const { first } = connect({ twice: (number: number) => 2 * number });
  for (const other of ['text', null, 7, {}, { asked: 1 }]) first.receive(other);
  assert.equal(await first.ask('twice', 4), 8);
});

it('waits so long for an answer, and no longer', async () => {
  assert.equal(await within(1000, Promise.resolve(7)), 7);
  assert.equal(await within(1, new Promise(() => {})), undefined);
  assert.equal(await within(1000, Promise.reject(new Error('lost'))), undefined);
});
