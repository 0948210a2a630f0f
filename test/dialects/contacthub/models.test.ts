import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { EVENT_TYPE_NAMES } from '../../../src/dialects/contacthub/documents/enums.ts';
import { useApp } from '../../helpers/app.ts';
import { bearer, inject } from '../../helpers/vendor-client.ts';
import { ContacthubClient } from './client.ts';

const test = await useApp();
const client = new ContacthubClient(test);
const { adminToken: token } = client.workspace.credentials.contacthub;
let aggregate: string;

const read = (path: string) => client.call('GET', path, undefined, { token });

async function hub(path: string, secret = token) {
  return inject(test, { method: 'GET', url: `/hub/v1${path}`, headers: bearer(secret) });
}

describe('models', () => {
  it('have the schema of base properties, each with its label and whether it is taken', async () => {
    const { schema } = (await read('/models/properties/base')).body;
    assert.deepEqual(schema.properties.firstName.contactlabProperties, {
      label: 'First name',
      enabled: true,
    });
    const state = { value: false };
    await client.call('PUT', '/configuration/customers/properties/base/address.city/enabled', state, {
      token,
    });
    const after = (await read('/models/properties/base')).body.schema.properties;
    assert.equal(after.address.properties.city.contactlabProperties.enabled, false);
    assert.equal(after.address.contactlabProperties.enabled, true);
    assert.match(schema.properties.timezone.oneOf[0].$ref, /\/hub\/v1\/docs\/schema\/enums\.json#/);
  });

  it('have the nine merge policies with the types that they are for', async () => {
    const { elements } = (await read('/models/merge-policies')).body;
    const types = Object.fromEntries(
      elements.map((one: { id: string; supportedTypes: string[] }) => [one.id, one.supportedTypes]),
    );
    assert.equal(elements.length, 9);
    assert.deepEqual(types.MATH_SUM, ['number', 'integer']);
    assert.deepEqual(types.ARRAY_UNION, ['array']);
    assert.equal(types.OBJ_PRIORITY.length, 6);
  });

  it('have the providers, the contexts with their schemas, and the categories of all event types', async () => {
    const providers = (await read('/models/providers')).body.elements;
    assert.ok(
      providers.every((one: object) => Object.keys(one).join() === 'id,description,propertiesSchema'),
    );
    const contexts = (await read('/models/contexts?resolveReferences=true')).body.elements;
    assert.equal(contexts.length, 9);
    assert.ok(!JSON.stringify(contexts).includes('$ref'));
    assert.ok(JSON.stringify((await read('/models/contexts')).body).includes('$ref'));
    const categories = await hub('/models/analytics/event-categories', '');
    const types = categories.body.elements.flatMap((one: { types: string[] }) => one.types);
    assert.deepEqual(types.sort(), [...EVENT_TYPE_NAMES].sort());
  });
});

describe('send sources', () => {
  const documents = () => [
    {
      nodeId: client.nodeId,
      groupPk: 7,
      userdbId: 'db-1',
      portfolio: 3,
      contactSendSource: { name: 'Newsletter' },
      subscriptions: [{ id: 'weekly' }],
      subscriberFields: [{ name: 'email' }],
    },
    { nodeId: aggregate, groupPk: 8, userdbId: 'db-2', subscriptions: [{ id: 'daily' }] },
  ];

  before(async () => {
    const made = await client.call(
      'POST',
      '/configuration/nodes/aggregates',
      {
        name: 'All shops',
        entryNodes: [client.nodeId],
        matchingProperties: { properties: ['base.contacts.email'], caseSensitive: false },
      },
      { token },
    );
    assert.equal(made.status, 201, made.text);
    aggregate = made.body.id;
    const body = { sendSources: documents() };
    const put = await client.native.call('PUT', '/contacthub/send-sources', { body });
    assert.equal(put.status, 200, put.text);
    assert.deepEqual((await client.native.call('GET', '/contacthub/send-sources')).body, body);
  });

  it('are shown by node, by group, by database and all, as they were set', async () => {
    const { publicId: id, slug: name } = client.workspace.created;
    const first = {
      portfolio: 3,
      id,
      name,
      industry: 'NotDefined',
      workspaceStatus: 'ENABLED',
      nodeId: client.nodeId,
      nodeName: 'contacthub',
      nodeType: 'ENTRY',
      contactSendSource: { name: 'Newsletter' },
    };
    assert.deepEqual((await read(`/nodes/${client.nodeId}/send-source`)).body, first);
    assert.deepEqual((await hub('/send-sources/groups/7')).body, { elements: [first] });
    assert.deepEqual((await hub('/send-sources/groups/7/userdbs/db-1')).body, first);
    assert.equal((await hub('/send-sources')).body.elements.length, 2);
    assert.deepEqual((await hub('/send-sources/groups/9')).body, { elements: [] });
    assert.equal((await hub('/send-sources/groups/8/userdbs/db-1')).status, 404);
    assert.equal((await read('/nodes/nobody/send-source')).status, 404);
  });

  it('have subscriptions and fields by their database, and a bare list by their node', async () => {
    const path = '/models/send-sources/db-1';
    assert.deepEqual((await read(`${path}/subscriptions`)).body, { elements: [{ id: 'weekly' }] });
    assert.deepEqual((await read(`${path}/subscriber-fields?groupPk=7`)).body, {
      elements: [{ name: 'email' }],
    });
    assert.equal((await read(`${path}/subscriptions?groupPk=8`)).status, 404);
    assert.equal((await read('/models/send-sources/nobody/subscriptions')).status, 404);
    const ofNode = (id: string) => read(`/configuration/nodes/aggregates/${id}/send-source-subscriptions`);
    assert.deepEqual((await ofNode(aggregate)).body, [{ id: 'daily' }]);
    assert.equal((await ofNode(client.nodeId)).status, 404);
  });

  it('are refused for a node that is not there, and shown to no other workspace', async () => {
    const [one] = documents();
    const wrong = { sendSources: [{ ...one, nodeId: '00000000-0000-4000-8000-000000000000' }] };
    const put = await client.native.call('PUT', '/contacthub/send-sources', { body: wrong });
    assert.deepEqual([put.status, put.body.error.path], [400, 'body/sendSources/0/nodeId']);
    const other = await test.addWorkspace();
    const shown = await hub('/send-sources', other.credentials.contacthub.adminToken);
    assert.deepEqual(shown.body, { elements: [] });
  });
});
