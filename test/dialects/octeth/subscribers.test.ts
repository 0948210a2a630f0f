import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import type { TestWorkspace } from '../../helpers/app.ts';
import { useApp } from '../../helpers/app.ts';
import { Store } from '../../helpers/store.ts';
import { OctethClient } from './client.ts';

const test = await useApp();
const octeth = new OctethClient(test);
const path = '/api/v1/subscriber.create';
const subscribed = {
  Status: 'Subscribed',
  SubscriptionDate: '2026-01-02 03:04:05',
  SubscriptionIP: '192.0.2.1',
};

function create(workspace: TestWorkspace, parameters: Record<string, unknown>) {
  const APIKey = workspace.credentials.octeth.apiKey;
  return octeth.post(path, { APIKey, ListID: 1, ...parameters });
}

async function createdNumber(workspace: TestWorkspace, parameters: Record<string, unknown>): Promise<number> {
  const reply = await create(workspace, parameters);
  assert.equal(reply.status, 200, reply.text);
  return reply.body.SubscriberInformation.SubscriberID;
}

async function codeOf(workspace: TestWorkspace, parameters: Record<string, unknown>): Promise<number> {
  const reply = await create(workspace, parameters);
  const { Success, ErrorCode, Errors } = reply.body;
  if (Success) return 0;
  assert.equal(reply.status, 422, reply.text);
  assert.equal(Errors[0].Code, ErrorCode);
  return ErrorCode;
}

async function call(workspace: TestWorkspace, Command: string, parameters: Record<string, unknown> = {}) {
  const APIKey = workspace.credentials.octeth.apiKey;
  const reply = await octeth.post('/api.php', { Command, APIKey, ...parameters });
  assert.equal(reply.status, 200, reply.text);
  return reply.body;
}

const get = (workspace: TestWorkspace, parameters: Record<string, unknown>) =>
  call(workspace, 'Subscriber.Get', { ListID: 1, ...parameters });

async function addField(workspace: TestWorkspace, parameters: Record<string, unknown> = {}): Promise<number> {
  const given = { SubscriberListID: 1, FieldName: 'Field', FieldType: 'Single line', ...parameters };
  return (await call(workspace, 'CustomField.Create', given)).CustomFieldID;
}

describe('subscriber.create', () => {
  it('adds a subscriber, whom Subscriber.Get shows by address and by number', async () => {
    const workspace = await test.addWorkspace();
    const id = await addField(workspace);
    const reply = await create(workspace, {
      EmailAddress: 'Jane@B.test',
      ...subscribed,
      OptInDate: '2026-01-01',
      Source: 'nowhere',
      SourceRef: 'x'.repeat(70),
      CustomFields: { [id]: 'red' },
    });
    assert.equal(reply.status, 200, reply.text);
    const { SubscriberInformation, ...rest } = reply.body;
    assert.deepEqual(rest, {
      Success: true,
      ErrorCode: 0,
      ErrorText: '',
      Suppressed: false,
      SubscriberTags: [],
      SubscriberSegments: [],
      SubscriberJourneys: [],
      SubscriberWebsiteEvents: [],
    });
    const { SubscriberID, ...information } = SubscriberInformation;
    assert.deepEqual(information, {
      EmailAddress: 'Jane@B.test',
      BounceType: 'Not Bounced',
      SubscriptionStatus: 'Subscribed',
      SubscriptionDate: '2026-01-02 03:04:05',
      SubscriptionIP: '192.0.2.1',
      OptInDate: '2026-01-01 00:00:00',
      UnsubscriptionDate: '',
      UnsubscriptionIP: '',
      Source: 'Unknown',
      SourceRef: 'x'.repeat(64),
      CustomField1: 'red',
    });
    for (const by of [{ EmailAddress: 'jane@b.TEST' }, { SubscriberID }]) {
      const shown = await get(workspace, by);
      assert.deepEqual(shown.SubscriberInformation, SubscriberInformation);
      assert.deepEqual([shown.TotalRevenue, shown.SubscriberWebsiteEvents], [0, []]);
      assert.deepEqual(shown.SubscriberJourneys, { InProgress: [], Completed: [] });
      assert.equal(shown.SubscriberActivity[0].ActivityType, 'subscription');
    }
    const accounting = await new Store(test, workspace).accounting('octeth');
    assert.equal(accounting.received, undefined);
  });

  it('takes a minimal call, and forms by either way in', async () => {
    const workspace = await test.addWorkspace();
    const id = await addField(workspace);
    assert.equal(await codeOf(workspace, { EmailAddress: 'min@b.test' }), 0);
    const fields = {
      APIKey: workspace.credentials.octeth.apiKey,
      ListID: '1',
      EmailAddress: 'form@b.test',
      [`CustomFields[${id}]`]: 'blue',
    };
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const direct = await octeth.post(path, new URLSearchParams(fields).toString(), form);
    assert.equal(direct.body.SubscriberInformation.CustomField1, 'blue', direct.text);
    const legacy = new URLSearchParams({
      ...fields,
      Command: 'Subscriber.Create',
      EmailAddress: 'php@b.test',
    });
    const second = await octeth.post('/api.php', legacy.toString(), form);
    assert.equal(second.body.SubscriberInformation.CustomField1, 'blue', second.text);
  });

  it('refuses by the vendor’s codes, in their order, and keeps nothing', async () => {
    const workspace = await test.addWorkspace();
    const EmailAddress = 'bad@b.test';
    const leaving = { Status: 'Unsubscribed', UnsubscriptionDate: '2026-01-01', UnsubscriptionIP: '::1' };
    const cases: [Record<string, unknown>, number][] = [
      [{ ListID: '' }, 1],
      [{}, 2],
      [{ EmailAddress: 'no address' }, 3],
      [{ EmailAddress, ListID: 999 }, 4],
      [{ EmailAddress, ...subscribed, BounceType: 'Firm' }, 5],
      [{ EmailAddress, Status: 'Sleeping' }, 6],
      [{ EmailAddress, ...subscribed, SubscriptionDate: '2026-02-30' }, 7],
      [{ EmailAddress, Status: 'Subscribed' }, 8],
      [{ EmailAddress, ...subscribed, SubscriptionIP: '' }, 9],
      [{ EmailAddress, ...subscribed, SubscriptionIP: '1.2.3' }, 10],
      [{ EmailAddress, ...leaving, UnsubscriptionDate: '' }, 11],
      [{ EmailAddress, ...leaving, UnsubscriptionIP: null }, 12],
      [{ EmailAddress, ...leaving, UnsubscriptionDate: 'soon' }, 13],
      [{ EmailAddress, ...leaving, UnsubscriptionIP: 'home' }, 14],
      [{ EmailAddress, OptInDate: '01.02.2026' }, 16],
      [{ EmailAddress, CustomFields: { 999: 'x' } }, 17],
      [{ EmailAddress, CustomFields: 'x' }, 17],
    ];
    for (const [parameters, code] of cases)
      assert.equal(await codeOf(workspace, parameters), code, JSON.stringify(parameters));
    assert.deepEqual((await get(workspace, { EmailAddress })).ErrorCode, [3]);
  });

  it('writes over a duplicate or an unsubscribed one only when it is told to', async () => {
    const workspace = await test.addWorkspace();
    const id = await addField(workspace);
    const EmailAddress = 'twice@b.test';
    const first = await createdNumber(workspace, {
      EmailAddress,
      ...subscribed,
      CustomFields: { [id]: 'a' },
    });
    assert.equal(await codeOf(workspace, { EmailAddress: 'TWICE@b.test' }), 20);
    const update = { EmailAddress, UpdateIfDuplicate: 'true', Source: 'Manual', CustomFields: { [id]: 'b' } };
    assert.equal(await createdNumber(workspace, update), first);
    const { SubscriberInformation } = await get(workspace, { EmailAddress });
    assert.deepEqual(
      [
        SubscriberInformation.Source,
        SubscriberInformation.CustomField1,
        SubscriberInformation.SubscriptionIP,
      ],
      ['Manual', 'b', '192.0.2.1'],
    );
    const leaving = {
      Status: 'Unsubscribed',
      UnsubscriptionDate: '2026-03-01',
      UnsubscriptionIP: '192.0.2.2',
    };
    assert.equal(await codeOf(workspace, { EmailAddress, UpdateIfDuplicate: true, ...leaving }), 0);
    assert.equal(await codeOf(workspace, { EmailAddress, UpdateIfDuplicate: true }), 21);
    assert.equal(await codeOf(workspace, { EmailAddress, UpdateIfUnsubscribed: true, ...subscribed }), 0);
    assert.equal(
      (await get(workspace, { EmailAddress })).SubscriberInformation.SubscriptionStatus,
      'Subscribed',
    );
  });

  it('takes one of several calls for one address at once', async () => {
    const workspace = await test.addWorkspace();
    const codes = await Promise.all(
      Array.from({ length: 5 }, () => codeOf(workspace, { EmailAddress: 'race@b.test' })),
    );
    assert.deepEqual(codes.sort(), [0, 20, 20, 20, 20]);
  });

  it('makes of one address on two lists one subscriber with two memberships', async () => {
    const workspace = await test.addWorkspace();
    const { ListID } = await call(workspace, 'List.Create', { SubscriberListName: 'Second' });
    const EmailAddress = 'both@b.test';
    const first = await createdNumber(workspace, { EmailAddress });
    assert.deepEqual((await get(workspace, { EmailAddress, ListID })).ErrorCode, [3]);
    assert.equal(await createdNumber(workspace, { EmailAddress, ListID, ...subscribed }), first);
    const shown = await get(workspace, { EmailAddress, ListID });
    assert.equal(shown.SubscriberInformation.SubscriptionIP, '192.0.2.1');
    assert.equal((await get(workspace, { EmailAddress })).SubscriberInformation.SubscriptionIP, '');
  });

  it('enforces the rules of fields only when it is told to', async () => {
    const workspace = await test.addWorkspace();
    const required = await addField(workspace, { IsRequired: 'Yes' });
    await addField(workspace, { IsRequired: 'Yes', DefaultValue: 'given' });
    const digits = await addField(workspace, { ValidationMethod: 'Numbers' });
    const unique = await addField(workspace, { IsUnique: 'Yes' });
    await addField(workspace, { IsRequired: 'Yes', FieldDefaultValue: 'named as before' });
    const strict = (EmailAddress: string, CustomFields: object) =>
      codeOf(workspace, { EmailAddress, CustomFields, EnforceRequiredFields: true });
    assert.equal(await codeOf(workspace, { EmailAddress: 'lax@b.test', CustomFields: { [digits]: 'x' } }), 0);
    assert.equal(await strict('a@b.test', {}), 26);
    assert.equal(await strict('a@b.test', { [required]: ' ' }), 26);
    assert.equal(await strict('a@b.test', { [required]: 0, [digits]: 'x' }), 28);
    assert.equal(await strict('a@b.test', { [required]: 0, [digits]: 12, [unique]: 'u' }), 0);
    assert.equal(await strict('c@b.test', { [required]: 1, [unique]: 'u' }), 27);
    assert.equal(await strict('c@b.test', { [required]: 1, [unique]: 'v' }), 0);
    const again = { EmailAddress: 'a@b.test', UpdateIfDuplicate: true, EnforceRequiredFields: true };
    assert.equal(await codeOf(workspace, { ...again, CustomFields: { [required]: 1, [unique]: 'u' } }), 0);
    assert.equal(await codeOf(workspace, { ...again, CustomFields: { [required]: 1, [unique]: 'v' } }), 27);
    const { SubscriberInformation } = await get(workspace, { EmailAddress: 'a@b.test' });
    assert.deepEqual(
      [2, 4, 5].map((id) => SubscriberInformation[`CustomField${id}`]),
      ['given', 'u', 'named as before'],
    );
  });

  it('lets no two take a unique value at once', async () => {
    const workspace = await test.addWorkspace();
    const unique = await addField(workspace, { IsUnique: 'Yes' });
    const codes = await Promise.all(
      ['1', 'yes', 'On'].map((EnforceRequiredFields) =>
        codeOf(workspace, {
          EmailAddress: `${EnforceRequiredFields}@b.test`,
          CustomFields: { [unique]: 'same' },
          EnforceRequiredFields,
        }),
      ),
    );
    assert.deepEqual(codes.sort(), [0, 27, 27]);
  });

  it('writes what a later event finds the subscriber by', async () => {
    const workspace = await test.addWorkspace();
    const id = await addField(workspace, { UniqueIdentifier: true });
    const EmailAddress = 'found@b.test';
    const SubscriberID = await createdNumber(workspace, { EmailAddress, CustomFields: { [id]: 'c-7' } });
    await octeth.track({ Event: 'seen', UUID: randomUUID(), ID: 'c-7' }, workspace);
    const shown = await get(workspace, { SubscriberID });
    const [[event]] = Object.values(shown.SubscriberWebsiteEvents[0]) as [[{ event: string }]];
    assert.equal(event.event, 'seen');
    const { adminApiKey: AdminAPIKey } = workspace.credentials.octeth;
    const search = { AdminAPIKey, FilterBySubscriberID: SubscriberID };
    const found = await octeth.post('/api/v1/admin.events.search', search);
    assert.equal(found.body.TotalEvents, 1, found.text);
  });
});

describe('Subscriber.Get', () => {
  it('shows the events of the subscriber and its browsers on the list, newest first, and what they were worth', async () => {
    const workspace = await test.addWorkspace();
    const { ListID } = await call(workspace, 'List.Create', { SubscriberListName: 'Second' });
    const Email = 'events@b.test';
    const UUID = randomUUID();
    const buy = (list: number, id: string, value: number) =>
      octeth.track(
        {
          ListID: list,
          Event: 'conversion',
          Email,
          UUID,
          Properties: { 'conversion-id': id, 'conversion-name': 'order', 'conversion-value': value },
        },
        workspace,
      );
    await octeth.track({ Event: 'pageView', UUID, Properties: { n: { deep: 1 } } }, workspace);
    await octeth.track({ Event: 'identify', Email, UUID }, workspace);
    await buy(1, 'o-1', 10.5);
    await buy(1, 'o-1', 10.5);
    await buy(1, 'o-2', 4);
    await buy(ListID, 'o-1', 100);
    const shown = await get(workspace, { EmailAddress: Email, IncludeEvents: 'true' });
    assert.equal(shown.TotalRevenue, 14.5);
    assert.equal(shown.SubscriberWebsiteEvents.length, 1);
    const events = shown.SubscriberWebsiteEvents[0][UUID];
    assert.deepEqual(
      events.map(({ event, email }: { event: string; email: string }) => [event, email]),
      [
        ['conversion', ''],
        ['conversion', ''],
        ['identify', Email],
        ['pageView', ''],
      ],
    );
    const [, , , pageView] = events;
    const at = pageView['parameters.keys'].indexOf('n');
    assert.equal(pageView['parameters.values'][at], '{"deep":1}');
    assert.match(pageView.event_created_at, /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/);
    assert.equal(shown.SubscriberActivity[0].ActivityType, 'website event');
    const other = await get(workspace, { EmailAddress: Email, ListID });
    assert.equal(other.TotalRevenue, 100);
    const bare = await get(workspace, {
      EmailAddress: Email,
      IncludeEvents: 'false',
      IncludeActivity: false,
      IncludeRevenue: 0,
    });
    assert.deepEqual(bare.SubscriberWebsiteEvents, []);
    assert.deepEqual([bare.SubscriberActivity, bare.TotalRevenue], [undefined, undefined]);
  });

  it('shows the newest hundred', async () => {
    const workspace = await test.addWorkspace();
    const UUID = randomUUID();
    await Promise.all(
      Array.from({ length: 105 }, (_, n) =>
        octeth.track({ Event: `e${n}`, Email: 'many@b.test', UUID }, workspace),
      ),
    );
    const shown = await get(workspace, { EmailAddress: 'many@b.test' });
    assert.equal(shown.SubscriberWebsiteEvents[0][UUID].length, 100);
  });

  it('says what is missing, wrong or not there', async () => {
    const workspace = await test.addWorkspace();
    await createdNumber(workspace, { EmailAddress: 'own@b.test' });
    await octeth.track({ Event: 'a', UUID: randomUUID() }, workspace);
    const visitor = (await new Store(test, workspace).profiles()).find(({ anonymous }) => anonymous);
    const cases: [Record<string, unknown>, number[]][] = [
      [{}, [1]],
      [{ ListID: undefined }, [1, 2]],
      [{ ListID: '', SubscriberID: 1 }, [2]],
      [{ ListID: 999, EmailAddress: 'own@b.test' }, [4]],
      [{ EmailAddress: 'nobody@b.test' }, [3]],
      [{ EmailAddress: 'no address\u0000' }, [3]],
      [{ SubscriberID: 'x' }, [3]],
      [{ SubscriberID: '999999999999999' }, [3]],
      [{ SubscriberID: visitor!.createdSeq }, [3]],
    ];
    for (const [parameters, codes] of cases) {
      const reply = await get(workspace, parameters);
      assert.deepEqual(
        [reply.Success, reply.ErrorCode, reply.ErrorText.length],
        [false, codes, codes.length],
      );
    }
  });

  it('shows nothing of another workspace', async () => {
    const workspace = await test.addWorkspace();
    const SubscriberID = await createdNumber(workspace, { EmailAddress: 'secret@b.test' });
    const stranger = await test.addWorkspace();
    assert.deepEqual((await get(stranger, { SubscriberID })).ErrorCode, [3]);
    assert.deepEqual((await get(stranger, { EmailAddress: 'secret@b.test' })).ErrorCode, [3]);
    const { ListID } = await call(workspace, 'List.Create', { SubscriberListName: 'Own' });
    assert.deepEqual((await get(stranger, { SubscriberID, ListID })).ErrorCode, [4]);
    assert.equal(await codeOf(stranger, { EmailAddress: 'x@b.test', ListID }), 4);
  });
});
