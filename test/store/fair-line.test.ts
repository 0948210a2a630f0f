import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { CallerGoneError, TooManyQuestionsError } from '../../src/store/database-error.ts';
import { FairLine, type FairLineSettings } from '../../src/store/fair-line.ts';

const settings = { places: 3, placesPerTenant: 2, waitMilliseconds: 60_000, waitingPerTenant: 10 };

/** A line, and who is inside in the order of entering. */
function openLine(part: Partial<FairLineSettings> = {}) {
  const line = new FairLine({ ...settings, ...part });
  const entered: string[] = [];
  const leave = new Map<string, () => void>();
  const enter = async (tenant: number, name: string) => {
    leave.set(name, await line.enter(tenant));
    entered.push(name);
  };
  return { line, entered, leave: (name: string) => leave.get(name)!(), enter };
}

const turn = () => delay(5);

it('a tenant has so many places at most, however many are free, and the next tenant finds one', async () => {
  const { entered, enter, leave } = openLine();
  for (const name of ['a1', 'a2', 'a3']) void enter(1, name);
  await turn();
  assert.deepEqual(entered, ['a1', 'a2']);
  void enter(2, 'b1');
  await turn();
  assert.deepEqual(entered, ['a1', 'a2', 'b1']);
  leave('a1');
  await turn();
  assert.deepEqual(entered, ['a1', 'a2', 'b1', 'a3']);
});

it('a place that becomes free goes to the tenant that has the fewest, then to who has waited longest', async () => {
  const { entered, enter, leave } = openLine();
  for (const name of ['a1', 'a2']) void enter(1, name);
  void enter(2, 'b1');
  await turn();
  void enter(1, 'a3');
  void enter(2, 'b2');
  void enter(4, 'd1');
  void enter(3, 'c1');
  await turn();
  leave('a1');
  await turn();
  assert.deepEqual(entered.slice(3), ['d1']);
  leave('b1');
  await turn();
  assert.deepEqual(entered.slice(3), ['d1', 'b2']);
  leave('a2');
  await turn();
  assert.deepEqual(entered.slice(3), ['d1', 'b2', 'a3']);
  leave('d1');
  await turn();
  assert.deepEqual(entered.slice(3), ['d1', 'b2', 'a3', 'c1']);
});

it('who waits too long, or as one too many, is told so, and takes nobody’s place', async () => {
  const { line, entered, enter, leave } = openLine({
    waitMilliseconds: 30,
    waitingPerTenant: 1,
    placesPerTenant: 1,
  });
  await enter(1, 'a1');
  const waiting = line.enter(1);
  await assert.rejects(line.enter(1), TooManyQuestionsError);
  await assert.rejects(waiting, TooManyQuestionsError);
  leave('a1');
  await enter(1, 'a2');
  assert.deepEqual(entered, ['a1', 'a2']);
});

it('who hangs up leaves the line at once', async () => {
  const { line, enter, leave } = openLine({ placesPerTenant: 1 });
  const connection = new EventEmitter();
  let isGone = false;
  const asker = {
    tenant: () => 1,
    isGone: () => isGone,
    onGone(listener: () => void) {
      connection.once('close', listener);
      return () => connection.off('close', listener);
    },
  };
  await enter(1, 'a1');
  const waiting = line.enter(1, asker);
  isGone = true;
  connection.emit('close');
  await assert.rejects(waiting, CallerGoneError);
  assert.equal(connection.listenerCount('close'), 0);
  leave('a1');
  await assert.rejects(line.enter(1, asker), CallerGoneError);
  await enter(1, 'a2');
});
