import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestWorkspace } from '../../helpers/app.ts';
import { useApp } from '../../helpers/app.ts';
import { inject } from '../../helpers/vendor-client.ts';
import { OctethClient } from './client.ts';

const test = await useApp();
const octeth = new OctethClient(test);
const form = { 'content-type': 'application/x-www-form-urlencoded' };

async function call(workspace: TestWorkspace, Command: string, parameters: Record<string, unknown> = {}) {
  const APIKey = workspace.credentials.octeth.apiKey;
  const reply = await octeth.post('/api.php', { Command, APIKey, ...parameters });
  assert.equal(reply.status, 200, reply.text);
  return reply.body;
}

describe('List.Create', () => {
  it('makes a list that events can be tracked for', async () => {
    const workspace = await test.addWorkspace();
    const made = await call(workspace, 'List.Create', { SubscriberListName: 'News' });
    assert.deepEqual(made, { Success: true, ErrorCode: 0, ErrorText: '', ListID: 2 });
    const tracked = await octeth.track({ ListID: made.ListID, Event: 'a', Email: 'a@b.test' }, workspace);
    assert.equal(tracked.status, 200, tracked.text);
  });

  it('takes forms, multipart and names in any case', async () => {
    const { apiKey } = test.workspace.credentials.octeth;
    const encoded = new URLSearchParams({
      command: 'list.create',
      apikey: apiKey,
      subscriberlistname: 'Form',
      ResponseFormat: 'XML',
    });
    const reply = await octeth.post('/api.php', encoded.toString(), form);
    assert.match(reply.text, /<response><Success>true<\/Success>.*<ListID>\d+<\/ListID><\/response>$/);
    const data = new FormData();
    for (const [name, value] of encoded) if (name !== 'ResponseFormat') data.append(name, value);
    const multipart = new Response(data);
    const second = await octeth.post('/api.php', Buffer.from(await multipart.arrayBuffer()), {
      'content-type': multipart.headers.get('content-type')!,
    });
    assert.equal(second.body.Success, true, second.text);
  });

  it('refuses one without a name, of an unknown mode, or with text that can not be kept', async () => {
    const { workspace } = test;
    assert.deepEqual(await call(workspace, 'List.Create'), {
      Success: false,
      ErrorCode: [1],
      ErrorText: ['Missing subscriber list name'],
    });
    const mode = await call(workspace, 'List.Create', { SubscriberListName: 'x', OptInMode: 'Triple' });
    assert.deepEqual(mode.ErrorCode, [20]);
    for (const SubscriberListName of ['nul\u0000', 'x'.repeat(251)]) {
      const reply = await call(workspace, 'List.Create', { SubscriberListName });
      assert.equal(reply.Success, false);
      assert.match(reply.ErrorText, /at most 250 characters/);
    }
  });
});

describe('List.Get', () => {
  it('shows a list with its tracker', async () => {
    const workspace = await test.addWorkspace();
    test.time.now = Date.parse('2026-07-01T10:00:00Z');
    await octeth.track({ Event: 'a', Email: 'a@b.test', Properties: { z: 1 } }, workspace);
    test.time.now = 0;
    const { List, ...rest } = await call(workspace, 'List.Get', { ListID: '1' });
    assert.deepEqual(rest, { Success: true, ErrorCode: 0, ErrorText: '' });
    assert.equal(List.ListID, 1);
    assert.equal(List.RelOwnerUserID, workspace.created.id);
    assert.deepEqual(List.EventTrackerVariables, {});
    assert.match(List.EventTrackerJS, /^<script async src="\/\/localhost:80\/t\.js\?v=/);
    assert.ok(List.EventTrackerJS.includes(`data-list="${List.EventListTrackerID}"`));
    assert.ok(List.EventTrackerJS.includes(`data-user="${List.EventUserTrackerID}"`));
    assert.equal(List.EventTrackerProperties.at(-1), 'z');
    // The workspace is in Paris.
    assert.equal(List.LastEventTrackedAt, '2026-07-01 12:00:00');
    const tracked = await octeth.post('/hello/message', {
      v: 1,
      user: List.EventUserTrackerID,
      list: List.EventListTrackerID,
      id: crypto.randomUUID(),
      uuid: crypto.randomUUID(),
      event: 'pageView',
    });
    assert.equal(tracked.status, 200, tracked.text);
  });

  it('answers what is no list, or another workspace’s, with code 1', async () => {
    const workspace = await test.addWorkspace();
    const { ListID } = await call(workspace, 'List.Create', { SubscriberListName: 'Own' });
    const stranger = await test.addWorkspace();
    for (const given of [undefined, '', 'x', 999, ListID]) {
      const reply = await call(stranger, 'List.Get', { ListID: given });
      assert.deepEqual([reply.Success, reply.ErrorCode], [false, [1]]);
    }
  });

  it('puts no foreign text of a host name into the script', async () => {
    const reply = await inject(test, {
      method: 'POST',
      url: '/api.php',
      headers: { 'content-type': 'application/json', host: 'x"><script>' },
      body: { Command: 'List.Get', APIKey: octeth.apiKey, ListID: 1 },
    });
    assert.match(reply.body.List.EventTrackerJS, /^<script async src="\/t\.js/);
  });
});

describe('Lists.Get', () => {
  it('pages, orders and searches, and counts what is found', async () => {
    const workspace = await test.addWorkspace();
    for (const [SubscriberListName, Description] of [
      ['Zebra', 'of the SPRING'],
      ['apple', ''],
      ['Spring', ''],
    ])
      await call(workspace, 'List.Create', { SubscriberListName, Description });
    const names = async (parameters: Record<string, unknown>) => {
      const { Lists, TotalListCount } = await call(workspace, 'Lists.Get', parameters);
      return [TotalListCount, ...Lists.map(({ Name }: { Name: string }) => Name).slice(-3)];
    };
    const [, first] = await names({ RecordsPerRequest: 1 });
    assert.deepEqual(await names({}), [4, 'Zebra', 'apple', 'Spring']);
    assert.deepEqual(await names({ Search: 'spring' }), [2, 'Zebra', 'Spring']);
    assert.deepEqual(await names({ Search: 'spring', OrderField: 'Name' }), [2, 'Spring', 'Zebra']);
    assert.deepEqual(await names({ OrderField: 'ListID', OrderType: 'DESC', RecordsPerRequest: 2 }), [
      4,
      'Spring',
      'apple',
    ]);
    assert.deepEqual(await names({ RecordsPerRequest: '1', RecordsFrom: '1' }), [4, 'Zebra']);
    assert.deepEqual(await names({ OrderField: 'nope', RecordsFrom: 3, RecordsPerRequest: 1 }), [
      4,
      'Spring',
    ]);
    assert.deepEqual(await names({ Archived: 'true' }), [0]);
    assert.deepEqual((await names({ Archived: 'all', RecordsPerRequest: 1 }))[1], first);
  });

  it('shows each list’s own tracker and events', async () => {
    const workspace = await test.addWorkspace();
    const { ListID } = await call(workspace, 'List.Create', { SubscriberListName: 'Other' });
    await octeth.track({ ListID, Event: 'a', Email: 'a@b.test', Properties: { own: 1 } }, workspace);
    const { Lists } = await call(workspace, 'Lists.Get');
    assert.equal(Lists[0].LastEventTrackedAt, null);
    assert.deepEqual(Lists[0].EventTrackerProperties, []);
    assert.match(Lists[1].LastEventTrackedAt, /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/);
    assert.ok(Lists[1].EventTrackerProperties.includes('own'));
    assert.notEqual(Lists[0].EventListTrackerID, Lists[1].EventListTrackerID);
    assert.equal(Lists[0].EventUserTrackerID, Lists[1].EventUserTrackerID);
  });
});

describe('the commands of lists, fields and subscribers', () => {
  const commands = [
    'List.Create',
    'List.Get',
    'Lists.Get',
    'CustomField.Create',
    'Subscriber.Get',
    'subscriber.create',
  ];

  it('refuse who has no key, a wrong one or another dialect’s', async () => {
    for (const Command of commands) {
      for (const APIKey of ['', 'wrong', test.workspace.credentials.contacthub.token]) {
        const reply = await octeth.post('/api.php', { Command, APIKey, ListID: 1 });
        assert.equal(reply.status, 200);
        assert.deepEqual([reply.body.Success, reply.body.ErrorCode], [false, 99998], Command);
      }
    }
    const reply = await octeth.post('/api/v1/subscriber.create', { APIKey: 'wrong', ListID: 1 });
    assert.deepEqual([reply.status, reply.body.Errors[0].Code], [401, 99998]);
    const method = await inject(test, { method: 'GET', url: '/api/v1/subscriber.create' });
    assert.deepEqual([method.status, method.body.ErrorCode], [400, 100001]);
  });

  it('keep to the rate of each', async () => {
    const rateLimits = { 'octeth:lists.get': 1 };
    const workspace = await test.addWorkspace({ settings: { rateLimits } });
    const APIKey = workspace.credentials.octeth.apiKey;
    const statuses = [];
    for (let index = 0; index < 2; index++)
      statuses.push((await octeth.post('/api.php', { Command: 'Lists.Get', APIKey })).status);
    assert.deepEqual(statuses, [200, 429]);
  });
});
