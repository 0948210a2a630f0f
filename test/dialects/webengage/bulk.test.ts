import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ask, at } from '../../native/helpers.ts';
import { messageOf, useWebengage } from './webengage.ts';

const webengage = useWebengage();

const lists = {
  events: (index: number) => ({ userId: `u${index}`, eventName: 'Paid', eventData: { index } }),
  users: (index: number) => ({ userId: `u${index}`, firstName: `U${index}` }),
} as const;

for (const list of ['events', 'users'] as const) {
  const path = `/bulk-${list}` as const;
  const items = (count: number) => Array.from({ length: count }, (_, index) => lists[list](index));

  describe(`POST /v1/accounts/{licenseCode}${path}`, () => {
    it('takes 1 to 25 items and answers for all', async () => {
      const workspace = await webengage.app.addWorkspace();
      for (const count of [1, 25]) {
        const reply = await webengage.send(path, { [list]: items(count) }, { workspace });
        assert.equal(reply.statusCode, 201, reply.body);
        assert.deepEqual(reply.json(), { response: { status: 'queued' } });
      }
      assert.equal((await webengage.profiles(workspace)).length, 25);
      assert.equal((await webengage.events(workspace)).length, list === 'events' ? 26 : 0);
      const accounting = await webengage.accounting(workspace);
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
      const workspace = await webengage.app.addWorkspace();
      for (const [body, message] of refused) {
        const reply = await webengage.send(path, body, { workspace });
        assert.equal(reply.statusCode, 400, reply.body);
        assert.equal(messageOf(reply), message);
      }
      assert.deepEqual(await webengage.profiles(workspace), []);
    });

    it('stores all or nothing: one bad item refuses the call, and is named', async () => {
      const workspace = await webengage.app.addWorkspace();
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
        const reply = await webengage.send(path, { [list]: items(4).with(2, item as never) }, { workspace });
        assert.equal(reply.statusCode, 400, reply.body);
        assert.match(messageOf(reply), message);
        assert.ok(messageOf(reply).startsWith(list));
      }
      assert.deepEqual(await webengage.profiles(workspace), []);
      assert.deepEqual(await webengage.events(workspace), []);
    });

    it('is once as a whole under its x-request-id', async () => {
      const workspace = await webengage.app.addWorkspace();
      const options = { workspace, headers: { 'x-request-id': 'c0ffee' } };
      for (const count of [2, 3]) {
        const reply = await webengage.send(path, { [list]: items(count) }, options);
        assert.equal(reply.statusCode, 201);
        assert.deepEqual(reply.json(), { response: { status: 'queued' } });
      }
      assert.equal((await webengage.profiles(workspace)).length, 2);
      const accounting = await webengage.accounting(workspace);
      assert.deepEqual(accounting, list === 'events' ? { received: 5, stored: 2, duplicate: 3 } : {});
    });
  });
}

describe('POST /v1/accounts/{licenseCode}/bulk-events', () => {
  it('drops reserved events, keeps unstorable ones in quarantine, and stores the others', async () => {
    const workspace = await webengage.app.addWorkspace();
    const bad = { userId: 'u', eventName: 'Paid', eventData: { a: 'nul\u0000' } };
    const events = [lists.events(0), { userId: 'u', eventName: 'we_x' }, bad, lists.events(1)];
    assert.equal((await webengage.send('/bulk-events', { events }, { workspace })).statusCode, 201);
    assert.deepEqual(
      (await webengage.events(workspace)).map(({ properties }) => properties),
      [{ index: 0 }, { index: 1 }],
    );
    assert.deepEqual(await webengage.accounting(workspace), {
      received: 4,
      stored: 2,
      quarantined: 1,
      'dropped reserved-event': 1,
    });
    const [kept] = await webengage.quarantined(workspace);
    assert.deepEqual([kept!.rule, kept!.path], ['text-not-storable', '/a']);
    assert.equal(Buffer.from(kept!.raw).toString(), JSON.stringify(bad));
    await webengage.query('update quarantine set raw = convert_to($2, $3) where id = $1', [
      kept!.id,
      JSON.stringify({ ...bad, eventData: { a: 'mended' } }),
      'UTF8',
    ]);
    const replayed = await ask(webengage.app, 'POST', at(workspace, `/quarantine/${kept!.id}/replay`));
    assert.equal(replayed.status, 200, JSON.stringify(replayed.body));
    assert.deepEqual((await webengage.events(workspace)).at(-1)!.properties, { a: 'mended' });
    const { body } = await ask(webengage.app, 'GET', at(workspace, '/accounting'));
    assert.equal(body.closes, true);
  });

  it('keeps in quarantine also the number that JSON could not give back', async () => {
    const workspace = await webengage.app.addWorkspace();
    const item = '{"userId":"u","eventName":"Paid","eventData":{"low":-1e400,"high":1e400}}';
    await webengage.send('/bulk-events', `{"events":[${item}]}`, { workspace });
    const [kept] = await webengage.quarantined(workspace);
    assert.deepEqual([kept!.rule, kept!.path], ['number-not-storable', '/low']);
    assert.equal(Buffer.from(kept!.raw).toString(), item);
    const again = await ask(webengage.app, 'POST', at(workspace, `/quarantine/${kept!.id}/replay`));
    assert.equal(again.status, 422, 'a replay does not make a null of it');
  });
});
