import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestApp, type TestApp } from '../../helpers/app.ts';

let test: TestApp;

before(async () => {
  test = await startTestApp();
});
after(() => test.close());

function send(
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
  method: 'POST' | 'PUT' = 'POST',
) {
  const { webengage } = test.workspace.credentials;
  return test.app.http.inject({
    method,
    url: `/v1/accounts/${webengage.licenseCode}${path}`,
    headers: { authorization: `Bearer ${webengage.apiKey}`, 'content-type': 'application/json', ...headers },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function storedEvents() {
  return test.database.query<{ type: string; properties: Record<string, unknown>; seq: number }>(
    `select t.name as type, e.properties, e.seq from event e
       join event_type t on t.workspace_id = e.workspace_id and t.id = e.type_id order by e.seq`,
  );
}

describe('POST /v1/accounts/{licenseCode}/events', () => {
  it('stores the documented sample and answers queued', async () => {
    const reply = await send('/events', {
      userId: 'johndoe',
      eventName: 'Added to Cart',
      eventTime: '2018-09-15T18:29:00-0800',
      eventData: {
        'Product ID': 1337,
        Price: 39.8,
        Quantity: 1,
        Product: 'Givenchy Pour Homme Cologne',
        Currency: 'USD',
      },
    });
    assert.equal(reply.statusCode, 201);
    assert.deepEqual(reply.json(), { response: { status: 'queued' } });
    const events = await storedEvents();
    assert.equal(events.length, 1);
    assert.equal(events[0]!.type, 'Added to Cart');
    assert.equal(events[0]!.properties.Price, 39.8);
  });
});
