import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { beforeEach, it } from 'node:test';
import { useApp } from '../helpers/app.ts';
import { ask, at } from '../helpers/native-client.ts';
import { inject } from '../helpers/vendor-client.ts';
import { eventsOf, type Stage, setStage } from './visitor.ts';

/** What compresses no better than it is long, so that no index takes it. */
const randomName = (length: number) => randomBytes(length).toString('hex').slice(0, length);

const test = await useApp();
let stage: Stage;
beforeEach(async () => {
  stage = await setStage(test);
});

async function post(url: string, token: string, payload: object): Promise<number> {
  const reply = await inject(test, {
    method: 'POST',
    url,
    headers: { authorization: `Bearer ${token}` },
    body: payload,
  });
  assert.ok(reply.status < 500, reply.text);
  return reply.status;
}

const rules = async () => (await stage.store.quarantined()).map(({ rule }) => rule);

it('a property’s name of more than 255 characters is told before the batch, from a visitor or with a key', async () => {
  for (const length of [255, 256, 8000]) {
    const properties = { [randomName(length)]: 1 };
    assert.equal(await stage.message({ event: 'looked', properties }), 200);
    await stage.track({ Event: 'looked', UUID: randomUUID(), Properties: properties });
  }
  assert.equal((await eventsOf(stage, 'looked')).length, 2);
  assert.deepEqual(await rules(), Array(4).fill('name-too-long'));
});

it('no dialect’s name of anything reaches the database so long that it is refused there', async () => {
  const { webengage, webmarketer, contacthub, signals, octeth } = stage.workspace.credentials;
  const { projectId, accessToken } = webmarketer;
  const project = `/api/v1/projects/${projectId}`;
  await post(`${project}/event-types`, accessToken, { reference: 'order', name: 'Order', fields: [] });
  for (const length of [256, 8000]) {
    const name = randomName(length);
    const events = `/v1/accounts/${webengage.licenseCode}/events`;
    await post(events, webengage.apiKey, { userId: 'u', eventName: name });
    await post(events, webengage.apiKey, { userId: 'u', eventName: 'x', eventData: { [name]: 1 } });
    const users = `/v1/accounts/${webengage.licenseCode}/users`;
    await post(users, webengage.apiKey, { userId: 'u', attributes: { [name]: 'x' } });
    await stage.call('event', { Event: name, UUID: randomUUID() });
    await stage.message({ event: name });
    const event = { projectId, eventType: 'order', nonce: name.slice(0, 9) };
    await post('/api/v1/events', accessToken, { ...event, data: { [name]: 1 } });
    await post('/api/v1/events', accessToken, { ...event, eventType: name, data: {} });
    const field = { entity: 'statistic', type: 'number', storageKey: name };
    await post(`${project}/event-types`, accessToken, {
      reference: `r${length}`,
      name: 'R',
      fields: [field],
    });
    await post(`${project}/event-types`, accessToken, { reference: name, name: 'R', fields: [] });
    await post(`${project}/fields`, accessToken, { entity: 'user', type: 'string', key: name });
    const column = { key: name, name: 'C', format: 'number', symbols: ['event-count'] };
    await post(`${project}/custom-columns`, accessToken, column);
    await post(`/hub/v1/workspaces/${contacthub.workspaceId}/events`, contacthub.token, {
      customerId: randomUUID(),
      type: name,
      context: 'WEB',
      properties: { [name]: 1 },
    });
    const message = { id: `wamid.${length}`, from: '33612345678', timestamp: '1767268800', type: 'text' };
    await post(`/webhooks/whatsapp/${signals.appId}`, signals.token, {
      messages: [{ ...message, text: { body: 'hi' }, [name]: 1 }],
      contacts: [],
    });
    await post(`/clients/${signals.clientId}/external-events`, signals.token, {
      lead_phone: '+33612345678',
      event: name,
      [name]: 1,
    });
    await post('/api.php', octeth.apiKey, {
      Command: 'CustomField.Create',
      SubscriberListID: octeth.listId,
      FieldName: name,
      FieldType: 'Single line',
    });
    const source = { dialect: 'octeth', name };
    const created = await ask(test, 'POST', at(stage.workspace, '/sources'), { body: source });
    assert.ok(created.status < 500);
  }
  assert.ok(!(await rules()).includes('refused-by-database'), String(await rules()));
  await stage.assertVerified();
});
