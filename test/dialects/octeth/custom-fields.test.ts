import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import type { TestWorkspace } from '../../helpers/app.ts';
import { useApp } from '../../helpers/app.ts';
import { Store } from '../../helpers/store.ts';
import { OctethClient } from './client.ts';

const test = await useApp();
const octeth = new OctethClient(test);

async function call(workspace: TestWorkspace, Command: string, parameters: Record<string, unknown> = {}) {
  const APIKey = workspace.credentials.octeth.apiKey;
  const reply = await octeth.post('/api.php', { Command, APIKey, ...parameters });
  assert.equal(reply.status, 200, reply.text);
  return reply.body;
}

async function addField(workspace: TestWorkspace, parameters: Record<string, unknown> = {}): Promise<number> {
  const given = { SubscriberListID: 1, FieldName: 'Field', FieldType: 'Single line', ...parameters };
  const reply = await call(workspace, 'CustomField.Create', given);
  assert.equal(reply.Success, true, JSON.stringify(reply));
  return reply.CustomFieldID;
}

/** What Subscriber.Get says of custom fields. */
async function fieldsOf(workspace: TestWorkspace, EmailAddress: string, ListID = 1) {
  const reply = await call(workspace, 'Subscriber.Get', { ListID, EmailAddress });
  const entries = Object.entries(reply.SubscriberInformation ?? {});
  return Object.fromEntries(entries.filter(([name]) => name.startsWith('CustomField')));
}

describe('CustomField.Create', () => {
  it('numbers the fields of a workspace', async () => {
    const workspace = await test.addWorkspace();
    assert.equal(await addField(workspace), 1);
    const reply = await call(workspace, 'customfield.create', {
      subscriberlistid: '1',
      fieldname: 'Second',
      datatype: 'number',
      isglobal: 'Yes',
      mergetagalias: 'Second-One',
    });
    assert.deepEqual(reply, { Success: true, ErrorCode: 0, ErrorText: '', CustomFieldID: 2 });
    assert.equal(await addField(workspace, { PresetName: 'Country', FieldType: undefined }), 3);
  });

  it('takes bracketed form fields', async () => {
    const fields = new URLSearchParams({
      Command: 'CustomField.Create',
      APIKey: octeth.apiKey,
      SubscriberListID: '1',
      FieldName: 'Colour',
      FieldType: 'Drop down',
      'OptionLabel[]': 'Red',
      'OptionValue[]': 'red',
      UniqueIdentifier: 'false',
    });
    const reply = await octeth.post('/api.php', fields.toString(), {
      'content-type': 'application/x-www-form-urlencoded',
    });
    assert.equal(reply.body.Success, true, reply.text);
  });

  it('says all that is wrong by the vendor’s codes', async () => {
    const workspace = await test.addWorkspace();
    await addField(workspace, { MergeTagAlias: 'Taken' });
    const right = { SubscriberListID: 1, FieldName: 'Field', FieldType: 'Single line' };
    const cases: [Record<string, unknown>, number[]][] = [
      [{}, [1, 2, 3]],
      [{ ...right, SubscriberListID: 999 }, [8]],
      [{ ...right, FieldType: 'Circle' }, [3]],
      [{ ...right, ValidationMethod: 'Custom' }, [4]],
      [{ SubscriberListID: 1, PresetName: 'Moods' }, [5]],
      [{ ...right, DataType: 'circle' }, [7]],
      [{ ...right, MergeTagAlias: 'taken' }, [1000]],
      [{ ...right, MergeTagAlias: 'a/b' }, [1001]],
      [{ ...right, MergeTagAlias: 'emailaddress' }, [1002]],
    ];
    for (const [parameters, codes] of cases) {
      const reply = await call(workspace, 'CustomField.Create', parameters);
      assert.deepEqual(
        [reply.Success, reply.ErrorCode, reply.ErrorText.length],
        [false, codes, codes.length],
      );
    }
  });

  it('gives no field to another workspace’s list', async () => {
    const workspace = await test.addWorkspace();
    const { ListID } = await call(workspace, 'List.Create', { SubscriberListName: 'Own' });
    const stranger = await test.addWorkspace();
    const given = { SubscriberListID: ListID, FieldName: 'Field', FieldType: 'Single line' };
    assert.deepEqual((await call(stranger, 'CustomField.Create', given)).ErrorCode, [8]);
  });
});

describe('IdentifyProperties', () => {
  it('are written by alias or column in any case, the alias first, on creating and on updating', async () => {
    const workspace = await test.addWorkspace();
    const id = await addField(workspace, { MergeTagAlias: 'First-Name' });
    const other = await addField(workspace);
    const identify = (IdentifyProperties: unknown) =>
      octeth.track({ Event: 'identify', Email: 'a@b.test', IdentifyProperties }, workspace);
    await identify({ 'first-NAME': 'Jane', [`customfield${id}`]: 'Wrong', [`CUSTOMFIELD${other}`]: 5 });
    assert.deepEqual(await fieldsOf(workspace, 'A@b.test'), { CustomField1: 'Jane', CustomField2: '5' });
    await identify({
      [`CustomField${id}`]: 'Ann',
      Unknown: 1,
      CustomField999: 2,
      [`CustomField${other}`]: {},
    });
    assert.deepEqual(await fieldsOf(workspace, 'a@b.test'), { CustomField1: 'Ann', CustomField2: '5' });
    const accounting = await new Store(test, workspace).accounting('octeth');
    assert.equal(accounting['attribute-dropped custom-field-named-twice'], 1);
    assert.equal(accounting['attribute-dropped unknown-custom-field'], 2);
    assert.equal(accounting['attribute-dropped invalid-custom-field-value'], 1);
  });

  it('are ignored where the event does not identify, and where only a hash says who it is', async () => {
    const workspace = await test.addWorkspace();
    await addField(workspace, { MergeTagAlias: 'Name' });
    const IdentifyProperties = { Name: 'Jane' };
    const tracked = await octeth.track({ Event: 'test', Email: 'a@b.test', IdentifyProperties }, workspace);
    assert.equal(tracked.body.identify_event_sent, true);
    const { createHash } = await import('node:crypto');
    const ID = createHash('sha256').update('a@b.test').digest('hex');
    await octeth.track({ Event: 'identify', ID, IdentifyProperties }, workspace);
    assert.deepEqual(await fieldsOf(workspace, 'a@b.test'), { CustomField1: '' });
  });

  it('reach the fields of the event’s list and global ones only, and each list has its own values', async () => {
    const workspace = await test.addWorkspace();
    const { ListID } = await call(workspace, 'List.Create', { SubscriberListName: 'Second' });
    await addField(workspace, { MergeTagAlias: 'Name' });
    await addField(workspace, { MergeTagAlias: 'Name', SubscriberListID: ListID });
    await addField(workspace, { MergeTagAlias: 'Town', IsGlobal: 'Yes' });
    const identify = (list: number, IdentifyProperties: object) =>
      octeth.track({ ListID: list, Event: 'Identify', Email: 'a@b.test', IdentifyProperties }, workspace);
    await identify(1, { Name: 'one', CustomField2: 'stray', Town: 'Paris' });
    await identify(ListID, { Name: 'two' });
    assert.deepEqual(await fieldsOf(workspace, 'a@b.test'), { CustomField1: 'one', CustomField3: 'Paris' });
    assert.deepEqual(await fieldsOf(workspace, 'a@b.test', ListID), {
      CustomField2: 'two',
      CustomField3: 'Paris',
    });
    const events = await new Store(test, workspace).eventsWithRecords();
    assert.equal(new Set(events.map(({ recordId }) => recordId)).size, 1);
    assert.equal(new Set(events.map(({ sourceId }) => sourceId)).size, 2);
  });

  it('may be named after the first event was taken: a field counts from its creation on', async () => {
    const workspace = await test.addWorkspace();
    const send = () =>
      octeth.track({ Event: 'identify', Email: 'a@b.test', IdentifyProperties: { Later: 'x' } }, workspace);
    await send();
    await addField(workspace, { MergeTagAlias: 'Later', DefaultValue: 'unused' });
    await send();
    assert.deepEqual(await fieldsOf(workspace, 'a@b.test'), { CustomField1: 'x' });
  });
});

describe('a field that identifies', () => {
  it('gets the ID at identify after IdentifyProperties, and finds the subscriber by it from then on', async () => {
    const workspace = await test.addWorkspace();
    await addField(workspace, { FieldName: 'Plain' });
    await addField(workspace, { MergeTagAlias: 'Customer', UniqueIdentifier: true });
    await addField(workspace, { FieldName: 'Idle', UniqueIdentifier: 'true' });
    const UUID = randomUUID();
    await octeth.track({ Event: 'before', UUID, ID: 'c-1' }, workspace);
    const IdentifyProperties = { Customer: 'overwritten' };
    await octeth.track({ Event: 'identify', Email: 'a@b.test', ID: 'c-1', IdentifyProperties }, workspace);
    assert.deepEqual(await fieldsOf(workspace, 'a@b.test'), {
      CustomField1: '',
      CustomField2: 'c-1',
      CustomField3: '',
    });
    await octeth.track({ Event: 'after', UUID: randomUUID(), ID: 'c-1' }, workspace);
    await octeth.track({ Event: 'stranger', UUID: randomUUID(), ID: 'overwritten' }, workspace);
    const events = await new Store(test, workspace).eventsWithRecords();
    const recordOf = (type: string) => events.find((event) => event.type === type)!.recordId;
    assert.equal(recordOf('after'), recordOf('identify'));
    assert.notEqual(recordOf('stranger'), recordOf('identify'));
    assert.notEqual(recordOf('before'), recordOf('identify'));
  });

  it('gets the ID of an implicit identify too, and a new ID takes the old one’s place', async () => {
    const workspace = await test.addWorkspace();
    await addField(workspace, { UniqueIdentifier: true });
    await octeth.track({ Event: 'a', Email: 'a@b.test', ID: 'one' }, workspace);
    assert.deepEqual(await fieldsOf(workspace, 'a@b.test'), { CustomField1: 'one' });
    await octeth.track({ Event: 'a', Email: 'a@b.test', ID: 'two' }, workspace);
    assert.deepEqual(await fieldsOf(workspace, 'a@b.test'), { CustomField1: 'one' });
    await octeth.track({ Event: 'identify', Email: 'a@b.test', ID: 'three' }, workspace);
    await octeth.track({ Event: 'old', UUID: randomUUID(), ID: 'one' }, workspace);
    await octeth.track({ Event: 'new', UUID: randomUUID(), ID: 'three' }, workspace);
    const events = await new Store(test, workspace).eventsWithRecords();
    const recordOf = (type: string) => events.find((event) => event.type === type)!.recordId;
    assert.equal(recordOf('new'), recordOf('a'));
    assert.notEqual(recordOf('old'), recordOf('a'));
  });

  it('is its list’s own, and an ID that can not be stored finds nobody', async () => {
    const workspace = await test.addWorkspace();
    const { ListID } = await call(workspace, 'List.Create', { SubscriberListName: 'Second' });
    await addField(workspace, { UniqueIdentifier: true });
    await addField(workspace, { UniqueIdentifier: true, SubscriberListID: ListID });
    await octeth.track({ Event: 'identify', Email: 'a@b.test', ID: 'x' }, workspace);
    await octeth.track({ ListID, Event: 'there', UUID: randomUUID(), ID: 'x' }, workspace);
    const nul = await octeth.track({ Event: 'nul', UUID: randomUUID(), ID: 'x\u0000' }, workspace);
    assert.equal(nul.status, 200, nul.text);
    const events = await new Store(test, workspace).eventsWithRecords();
    const recordOf = (type: string) => events.find((event) => event.type === type)!.recordId;
    assert.notEqual(recordOf('there'), recordOf('identify'));
  });
});
