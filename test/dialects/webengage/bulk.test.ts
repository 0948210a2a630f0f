import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { messageOf, WebengageClient } from './client.ts';

const test = await useApp({ freshWorkspace: true });
const webengage = new WebengageClient(test);

const lists = {
  events: (index: number) => ({ userId: `u${index}`, eventName: 'Paid', eventData: { index } }),
  users: (index: number) => ({ userId: `u${index}`, firstName: `U${index}` }),
} as const;

for (const list of ['events', 'users'] as const) {
  const path = `/bulk-${list}` as const;
  const items = (count: number) => Array.from({ length: count }, (_, index) => lists[list](index));

  describe(`POST /v1/accounts/{licenseCode}${path}`, () => {
    it('takes 1 to 25 items and answers for all', async () => {
      for (const count of [1, 25]) {
        const reply = await webengage.call(path, { [list]: items(count) });
        assert.equal(reply.status, 201, reply.text);
        assert.deepEqual(reply.body, { response: { status: 'queued' } });
      }
      assert.equal((await test.store.profiles()).length, 25);
      assert.equal((await test.store.events()).length, list === 'events' ? 26 : 0);
      const accounting = await test.store.accounting('webengage');
      assert.deepEqual(accounting, list === 'events' ? { received: 26, stored: 26 } : {});
    });

    it('refuses no list, an empty one and more than 25 items', async () => {
      const none = `${list} must be a list of 1 to 25 items.`;
      const refused: [unknown, string][] = [
        [{}, none],
        [{ [list]: [] }, none],
        [{ [list]: {} }, none],
        [{ [list]: null }, none],
        [{ [list === 'events' ? 'users' : 'events']: items(1) }, none],
        [items(1), 'The body must be a JSON object.'],
        [{ [list]: items(26) }, `${list} must not hold more than 25 items.`],
      ];
      for (const [body, message] of refused) {
        const reply = await webengage.call(path, body);
        assert.equal(reply.status, 400, reply.text);
        assert.equal(messageOf(reply), message);
      }
      assert.deepEqual(await test.store.profiles(), []);
    });

    it('stores all or nothing: one bad item refuses the call, and is named', async () => {
      const bad: [unknown, RegExp][] = [
        [{ ...lists[list](2), userId: '' }, /\[2\]: Error: userId and anonymousId cannot be empty\.$/],
        [{ ...lists[list](2), userId: 'u'.repeat(101) }, /\[2\]: userId must not be longer/],
        [null, /\[2\]: .* must be a JSON object\.$/],
        [[], /\[2\]: .* must be a JSON object\.$/],
        list === 'events'
          ? [{ userId: 'u', eventName: 'e'.repeat(50) }, /\[2\]: eventName must be less than 50/]
          : [{ userId: 'u', gender: 5 }, /\[2\]: gender must be/],
      ];
      for (const [item, message] of bad) {
        const reply = await webengage.call(path, { [list]: items(4).with(2, item as never) });
        assert.equal(reply.status, 400, reply.text);
        assert.match(messageOf(reply), message);
        assert.ok(messageOf(reply).startsWith(list));
      }
      assert.deepEqual(await test.store.profiles(), []);
      assert.deepEqual(await test.store.events(), []);
    });

    it('is once as a whole under its x-request-id', async () => {
      const options = { headers: { 'x-request-id': 'c0ffee' } };
      for (const count of [2, 3]) {
        const reply = await webengage.call(path, { [list]: items(count) }, options);
        assert.equal(reply.status, 201);
        assert.deepEqual(reply.body, { response: { status: 'queued' } });
      }
      assert.equal((await test.store.profiles()).length, 2);
      const accounting = await test.store.accounting('webengage');
      assert.deepEqual(accounting, list === 'events' ? { received: 5, stored: 2, duplicate: 3 } : {});
    });
  });
}

describe('POST /v1/accounts/{licenseCode}/bulk-events', () => {
  it('drops reserved events, keeps unstorable ones in quarantine, and stores the others', async () => {
    const bad = { userId: 'u', eventName: 'Paid', eventData: { a: 'nul\u0000' } };
    const events = [lists.events(0), { userId: 'u', eventName: 'we_x' }, bad, lists.events(1)];
    assert.equal((await webengage.call('/bulk-events', { events })).status, 201);
    assert.deepEqual(
      (await test.store.events()).map(({ properties }) => properties),
      [{ index: 0 }, { index: 1 }],
    );
    assert.deepEqual(await test.store.accounting('webengage'), {
      received: 4,
      stored: 2,
      quarantined: 1,
      'dropped reserved-event': 1,
    });
    const [kept] = await test.store.quarantined();
    assert.deepEqual([kept!.rule, kept!.path], ['text-not-storable', '/eventData/a']);
    assert.equal(kept!.raw, JSON.stringify(bad));
    await test.store.mend(kept!.id, { ...bad, eventData: { a: 'mended' } });
    const replayed = await test.native.call('POST', `/quarantine/${kept!.id}/replay`);
    assert.equal(replayed.status, 200, JSON.stringify(replayed.body));
    assert.deepEqual((await test.store.events()).at(-1)!.properties, { a: 'mended' });
    const { body } = await test.native.call('GET', '/accounting');
    assert.equal(body.closes, true);
  });

  it('keeps in quarantine also the number that JSON could not give back', async () => {
    const item = '{"userId":"u","eventName":"Paid","eventData":{"low":-1e400,"high":1e400}}';
    await webengage.call('/bulk-events', `{"events":[${item}]}`);
    const [kept] = await test.store.quarantined();
    assert.deepEqual([kept!.rule, kept!.path], ['number-not-storable', '/eventData/low']);
    assert.equal(kept!.raw, item);
    const again = await test.native.call('POST', `/quarantine/${kept!.id}/replay`);
    assert.equal(again.status, 422, 'a replay does not make a null of it');
  });
});
