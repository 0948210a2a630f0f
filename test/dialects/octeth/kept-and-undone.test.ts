import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { readQuarantined } from '../../../src/core/quarantine/quarantine-store.ts';
import { octeth as dialect } from '../../../src/dialects/octeth/index.ts';
import type { TestWorkspace } from '../../helpers/app.ts';
import { useApp } from '../../helpers/app.ts';
import { ask, at } from '../../helpers/native-client.ts';
import { Store } from '../../helpers/store.ts';
import { OctethClient } from './client.ts';

const test = await useApp();
const octeth = new OctethClient(test);

async function replay(workspace: TestWorkspace, id: string) {
  const event = await readQuarantined(test.database, workspace.created.id, id);
  const submission = { ...dialect.replay(event!), replayOf: { id } };
  const outcome = await test.app.services.ingest.submit(workspace.created.id, submission);
  assert.equal(outcome.kind, 'committed');
  return outcome.kind === 'committed' ? outcome.outcomes[0]! : assert.fail();
}

describe('a quarantined event', () => {
  it('is read again from what was kept: still bad, it stays; nothing is counted twice', async () => {
    const workspace = await test.addWorkspace();
    const Properties = { 'conversion-id': 'o', 'conversion-name': 'n' };
    await octeth.track({ Event: 'conversion', Email: 'a@b.test', Properties }, workspace);
    const [kept] = await new Store(test, workspace).quarantined();
    assert.equal((await replay(workspace, kept!.id)).kind, 'quarantined');
    assert.deepEqual(await new Store(test, workspace).accounting('octeth'), { received: 1, quarantined: 1 });
    const repeat = await octeth.track({ Event: 'conversion', Email: 'a@b.test', Properties }, workspace);
    assert.equal(repeat.body.Errors[0].Code, 10);
  });

  it('is stored once it is mended, with the ids that were answered, and is then the first of its key', async () => {
    const workspace = await test.addWorkspace();
    const conversion = (value?: number) => ({
      Event: 'conversion',
      Email: 'a@b.test',
      Properties: {
        'conversion-id': 'o',
        'conversion-name': 'n',
        ...(value ? { 'conversion-value': value } : {}),
        ...(value === 3 ? { note: 'x\u0000' } : {}),
      },
    });
    const answered = await octeth.track(conversion(3), workspace);
    assert.equal(answered.status, 200);
    const [kept] = await new Store(test, workspace).quarantined();
    await new Store(test, workspace).mend(kept!.id, { ListID: 1, ...conversion(2) });
    const outcome = await replay(workspace, kept!.id);
    assert.equal(outcome.kind, 'stored');
    const repeat = await octeth.track(conversion(1), workspace);
    assert.equal(repeat.body.uuid, answered.body.uuid);
    assert.equal(repeat.body.external_id, answered.body.external_id);
    const { stored, duplicate, quarantined = 0 } = await new Store(test, workspace).accounting('octeth');
    assert.deepEqual([stored, duplicate, quarantined], [1, 1, 0]);
  });
});

describe('the binding of a visitor', () => {
  it('can be undone: the visitor’s events are its own again, and the same evidence does not bind it anew', async () => {
    const workspace = await test.addWorkspace();
    const UUID = randomUUID();
    await octeth.track({ Event: 'page_view', UUID }, workspace);
    await octeth.track({ Event: 'a', UUID, Email: 'a@b.test' }, workspace);
    const [link] = await new Store(test, workspace).links();
    assert.equal((await ask(test, 'POST', at(workspace, `/links/${link!.id}/undo`))).status, 200);
    await octeth.track({ Event: 'b', UUID, Email: 'a@b.test' }, workspace);
    const records = new Map(
      (await new Store(test, workspace).eventsWithRecords()).map(
        ({ type, recordId }) => [type, recordId] as const,
      ),
    );
    assert.notEqual(records.get('page_view'), records.get('a'));
    assert.equal(records.get('b'), records.get('a'));
  });
});

describe('one person', () => {
  it('is who has the same address in another dialect', async () => {
    const workspace = await test.addWorkspace();
    await octeth.track({ Event: 'a', Email: 'Both@b.test' }, workspace);
    const { licenseCode, apiKey } = workspace.credentials.webengage;
    const user = { userId: 'u1', email: 'both@b.test' };
    const reply = await octeth.post(`/v1/accounts/${licenseCode}/users`, user, {
      'content-type': 'application/json',
      authorization: `Bearer ${apiKey}`,
    });
    assert.equal(reply.status, 201, reply.text);
    const [one, other, ...more] = await new Store(test, workspace).profiles();
    assert.equal(one!.personId, other!.personId);
    assert.deepEqual(more, []);
  });
});
