import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ruleModels } from '../../src/core/attribution/models.ts';
import { useApp } from '../helpers/app.ts';
import { Shop } from './attribution-client.ts';

const test = await useApp();
const shop = new Shop(test);
const span = { since: '2026-01-01', until: '2027-01-01' };
let conversionId: string;
/** Two browsers that are one person once they are joined. */
let twins: [string, string];

before(async () => {
  await shop.open();
  await shop.visit('a', '2026-01-10T23:30:00Z', shop.campaign('winter'));
  await shop.visit('a', '2026-02-01T10:00:00Z', '?utm_source=news&utm_medium=email');
  await shop.order('a', '2026-02-03T10:00:00Z', 100.01);
  await shop.order('a', '2026-02-04T10:00:00Z', 9.99);
  const phone = await shop.visit('b', '2026-03-28T23:30:00Z', shop.campaign('spring'));
  const laptop = await shop.visit('c', '2026-03-29T22:30:00Z', shop.campaign('winter'));
  twins = [phone, laptop];
  await shop.order('c', '2026-04-02T10:00:00Z', 33.34);
  await shop.order('nobody', '2026-05-01T10:00:00Z', 5);
  const body = { name: 'Orders', event: 'webmarketer:order', metric: 'turnover' };
  const kept = await test.native.call('POST', '/conversions', { body });
  assert.equal(kept.status, 201, kept.text);
  conversionId = kept.body.id;
  await counted();
});

/** Waits until the job has counted what was stored before. */
async function counted(): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if ((await test.native.read(`/conversions/${conversionId}`)).status === 'kept') return;
    await sleep(50);
  }
  assert.fail('the conversion is not counted in ten seconds');
}

/** What the rows give, by rules that come to the same and are no kept conversion's. */
const fromRows = { sameCampaignMinutes: 29 };

/** An answer without what says how it was come by. */
async function answerOf(query: Record<string, string | number>) {
  const { parameters, ...answer } = await shop.report({ ...span, ...query });
  return { from: parameters.countedFrom, asOf: parameters.asOf, answer };
}

async function assertSame(query: Record<string, string | number>): Promise<void> {
  const [kept, rows] = [await answerOf(query), await answerOf({ ...query, ...fromRows })];
  assert.deepEqual([kept.from, rows.from, rows.asOf], ['sums', 'rows', null]);
  assert.deepEqual(kept.answer, rows.answer, JSON.stringify(query));
}

describe('a report of a kept conversion', () => {
  it('is the same from its sums as from the rows: by every model, group, interval and date', async () => {
    for (const model of ruleModels) await assertSame({ model });
    for (const groupBy of ['channel', 'integration', 'source', 'medium', 'api'])
      for (const dateOf of ['conversion', 'touch']) await assertSame({ groupBy, dateOf });
    for (const interval of ['day', 'week', 'month'])
      for (const dateOf of ['conversion', 'touch'])
        await assertSame({ interval, dateOf, groupBy: 'channel' });
    await assertSame({ since: '2026-02-03', until: '2026-04-02', interval: 'week' });
  });

  it('follows what comes in, merges and their undoing included, at once', async () => {
    const apart = await answerOf({});
    const [first, second] = twins;
    const joined = await test.native.call('POST', '/links', { body: { first, second } });
    assert.equal(joined.status, 201, joined.text);
    await assertSame({});
    assert.notDeepEqual((await answerOf({})).answer, apart.answer);
    const undone = await test.native.call('POST', `/links/${joined.body.linkId ?? joined.body.link.id}/undo`);
    assert.equal(undone.status, 200, undone.text);
    assert.deepEqual((await answerOf({})).answer, apart.answer);
    await shop.visit('late', '2026-06-01T10:00:00Z', shop.campaign('summer'));
    await shop.order('late', '2026-06-02T10:00:00Z', 70);
    await assertSame({});
    // It arrives after the sale that it led to.
    await shop.visit('late', '2026-05-31T10:00:00Z', '?utm_source=news&utm_medium=email');
    await assertSame({ groupBy: 'channel' });
  });

  it('as of a seq is the same for ever', async () => {
    const asked = [{}, { groupBy: 'channel', interval: 'month' }, { dateOf: 'touch', model: 'first' }];
    const before = await Promise.all(asked.map(answerOf));
    await shop.visit('nobody', '2026-04-20T10:00:00Z', shop.campaign('spring'));
    await shop.order('a', '2026-02-05T10:00:00Z', 1000);
    for (const [index, query] of asked.entries()) {
      const asOf = before[index]?.asOf;
      assert.ok(asOf);
      assert.notDeepEqual((await answerOf(query)).answer, before[index]?.answer);
      assert.deepEqual(await answerOf({ ...query, asOf }), before[index]);
    }
    const { body } = await shop.ask({ ...span, asOf: 1_000_000 });
    assert.deepEqual(body.error.path, 'querystring/asOf');
    assert.match(body.error.message, /behind the last seq/);
  });

  it('as of a seq is by the settings that were kept then, when others have been put in their place', async () => {
    const before = await shop.report({ ...span, conversion: 'Orders', groupBy: 'channel' });
    const { asOf } = before.parameters;
    const settings = { name: 'Orders', event: 'webmarketer:order', metric: 'turnover' };
    const put = (more: object) =>
      test.native.call('PUT', `/conversions/${conversionId}`, { body: { ...settings, ...more } });
    assert.equal((await put({ lookbackDays: 1 })).status, 200);
    await counted();
    const after = await shop.report({ ...span, conversion: 'Orders', groupBy: 'channel' });
    assert.equal(after.parameters.lookbackDays, 1);
    assert.equal(after.parameters.countedFrom, 'sums');
    assert.notDeepEqual(after.rows, before.rows);
    const past = { ...span, groupBy: 'channel', asOf };
    assert.deepEqual(await shop.report({ ...past, conversion: 'Orders' }), before);
    // By the same rules, whoever has them.
    assert.deepEqual((await shop.report(past)).rows, before.rows);
    for (const [query, message] of [
      [{ ...past, conversion: 'Orders', lookbackDays: 1 }, /of conversions that were kept by then/],
      [{ ...past, conversion: 'Orders', asOf: 1 }, /were not kept, or were being counted/],
    ] as const) {
      const refused = await shop.ask(query);
      assert.equal(refused.status, 400, refused.text);
      assert.equal(refused.body.error.path, 'querystring/asOf');
      assert.match(refused.body.error.message, message);
    }
    assert.equal((await put({})).status, 200);
    await counted();
    assert.deepEqual(await shop.report({ ...past, conversion: 'Orders' }), before);
    assert.deepEqual((await shop.report({ ...span, groupBy: 'channel' })).rows, before.rows);
  });

  it('is counted from the rows again where other rules are asked for, or it is kept no more', async () => {
    assert.equal((await answerOf({ lookbackDays: 7 })).from, 'rows');
    assert.equal((await answerOf({ conversion: 'Orders' })).from, 'sums');
    assert.equal((await answerOf({ conversion: conversionId, halfLifeDays: 3 })).from, 'rows');
    const kept = await answerOf({});
    const gone = await test.native.call('DELETE', `/conversions/${conversionId}`);
    assert.equal(gone.status, 204);
    const { from, answer } = await answerOf({});
    assert.deepEqual([from, answer], ['rows', kept.answer]);
  });
});
