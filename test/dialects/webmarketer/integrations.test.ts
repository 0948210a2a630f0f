import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { WebmarketerClient } from './client.ts';
import { expiredToken } from './expired-token.ts';

const test = await useApp();
const client = new WebmarketerClient(test);
let expired: string;
let wmktId: string;

before(async () => {
  expired = await expiredToken(test);
  wmktId = test.workspace.credentials.webmarketer.wmktId;
});

describe('GET …/integrations', () => {
  it('shows the workspace’s custom-ads integration with every key', async () => {
    const reply = await client.get('/integrations');
    assert.equal(reply.status, 200, reply.text);
    const { data, ...page } = reply.body;
    assert.deepEqual(page, { count: 1, total: 1, offset: 0, limit: 10 });
    const { _id, createdAt, ...integration } = data[0];
    assert.match(_id, /^[0-9a-f]{24}$/);
    assert.equal(new Date(createdAt).toISOString(), createdAt);
    assert.deepEqual(integration, {
      projectId: client.projectId,
      credentialId: null,
      name: 'Custom ads',
      type: 'custom-ads',
      wmktId,
      dataSource: null,
      urlCheck: { lastCheck: null, status: 'pending' },
    });
  });

  it('shows one that was made by the native API, by pages', async () => {
    const body = {
      dialect: 'webmarketer',
      name: 'Fairs',
      externalId: 'fairs-1',
      settings: { type: 'custom-ads', currency: 'CHF' },
    };
    assert.equal((await test.native.call('POST', '/sources', { body })).status, 201);
    const second = (await client.get('/integrations?offset=1&limit=1')).body;
    assert.deepEqual([second.count, second.total, second.data[0].wmktId], [1, 2, 'fairs-1']);
    assert.deepEqual((await client.get('/integrations?offset=9')).body.data, []);
    assert.equal((await client.get('/integrations/fairs-1')).body.name, 'Fairs');
  });

  it('answers 404 for an unknown one and 400 for a bad page', async () => {
    const unknown = await client.get('/integrations/nothing');
    assert.equal(unknown.status, 404);
    assert.deepEqual(unknown.body, {
      statusCode: 404,
      message: 'Integration not found',
      error: 'Not Found',
    });
    assert.equal((await client.get('/integrations?limit=-1')).status, 400);
  });

  it('answers 401 without a good token, 403 for a foreign project and 404 for an unknown one', async () => {
    const stranger = new WebmarketerClient(test, await test.addWorkspace());
    for (const path of ['/integrations', `/integrations/${wmktId}`]) {
      const url = `/projects/${client.projectId}${path}`;
      for (const token of ['', 'wrong', expired, test.workspace.credentials.webengage.apiKey])
        assert.deepEqual((await client.request('GET', url, undefined, token)).body, {
          statusCode: 401,
          message: 'Unauthorized',
        });
      assert.equal((await stranger.request('GET', url)).status, 403);
      assert.equal((await client.request('GET', `/projects/nowhere${path}`)).status, 404);
    }
    // Another project's integration is not there under one's own.
    assert.equal((await stranger.get(`/integrations/${wmktId}`)).status, 404);
  });
});
