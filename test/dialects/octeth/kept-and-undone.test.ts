import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { undoLink } from '../../../src/core/link/manage-links.ts';
import { readQuarantined } from '../../../src/core/quarantine/quarantine-store.ts';
import { octeth as dialect } from '../../../src/dialects/octeth/index.ts';
import type { TestWorkspace } from '../../helpers/app.ts';
import { nothingFollows } from '../../helpers/links.ts';
import { useOcteth } from './octeth.ts';

const octeth = useOcteth();

async function replay(workspace: TestWorkspace, id: string) {
  const event = await readQuarantined(octeth.app.database, workspace.created.id, id);
  const submission = { ...dialect.replay(event!), replayOf: { id } };
  const outcome = await octeth.app.app.services.ingest.submit(workspace.created.id, submission);
  assert.equal(outcome.kind, 'committed');
  return outcome.kind === 'committed' ? outcome.outcomes[0]! : assert.fail();
}

describe('a quarantined event', () => {
  it('is read again from what was kept: still bad, it stays; nothing is counted twice', async () => {
    const workspace = await octeth.app.addWorkspace();
    const Properties = { 'conversion-id': 'o', 'conversion-name': 'n' };
    await octeth.track({ Event: 'conversion', Email: 'a@b.test', Properties }, workspace);
    const [kept] = await octeth.quarantined(workspace);
    assert.equal((await replay(workspace, kept!.id)).kind, 'quarantined');
    assert.deepEqual(await octeth.accounting(workspace), { received: 1, quarantined: 1 });
    const repeat = await octeth.track({ Event: 'conversion', Email: 'a@b.test', Properties }, workspace);
    assert.equal(repeat.json().Errors[0].Code, 10);
  });

  it('is stored once it is mended, with the ids that were answered, and is then the first of its key', async () => {
    const workspace = await octeth.app.addWorkspace();
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
    assert.equal(answered.statusCode, 200);
    const [kept] = await octeth.quarantined(workspace);
    await octeth.query('update quarantine set raw = convert_to($2, $3) where id = $1', [
      kept!.id,
      JSON.stringify({ ListID: 1, ...conversion(2) }),
      'UTF8',
    ]);
    const outcome = await replay(workspace, kept!.id);
    assert.equal(outcome.kind, 'stored');
    const repeat = await octeth.track(conversion(1), workspace);
    assert.equal(repeat.json().uuid, answered.json().uuid);
    assert.equal(repeat.json().external_id, answered.json().external_id);
    const { stored, duplicate, quarantined } = await octeth.accounting(workspace);
    assert.deepEqual([stored, duplicate, quarantined], [1, 1, 0]);
  });
});

describe('the binding of a visitor', () => {
  it('can be undone: the visitor’s events are its own again, and the same evidence does not bind it anew', async () => {
    const workspace = await octeth.app.addWorkspace();
    const UUID = randomUUID();
    await octeth.track({ Event: 'page_view', UUID }, workspace);
    await octeth.track({ Event: 'a', UUID, Email: 'a@b.test' }, workspace);
    const [link] = await octeth.query<{ id: string }>('select id from link where workspace_id = $1', [
      workspace.created.id,
    ]);
    const options = { dryRun: false, now: new Date(), ...nothingFollows };
    await undoLink(octeth.app.database, workspace.created.id, link!.id, options);
    await octeth.track({ Event: 'b', UUID, Email: 'a@b.test' }, workspace);
    const records = new Map(
      (await octeth.events(workspace)).map(({ type, recordId }) => [type, recordId] as const),
    );
    assert.notEqual(records.get('page_view'), records.get('a'));
    assert.equal(records.get('b'), records.get('a'));
  });
});

describe('one person', () => {
  it('is who has the same address in another dialect', async () => {
    const workspace = await octeth.app.addWorkspace();
    await octeth.track({ Event: 'a', Email: 'Both@b.test' }, workspace);
    const { licenseCode, apiKey } = workspace.credentials.webengage;
    const user = { userId: 'u1', email: 'both@b.test' };
    const reply = await octeth.post(`/v1/accounts/${licenseCode}/users`, user, {
      'content-type': 'application/json',
      authorization: `Bearer ${apiKey}`,
    });
    assert.equal(reply.statusCode, 201, reply.body);
    const persons = await octeth.query(
      'select person_id, count(*)::integer as profiles from profile where workspace_id = $1 group by 1',
      [workspace.created.id],
    );
    assert.deepEqual(
      persons.map((person) => ({ ...person, person_id: '' })),
      [{ person_id: '', profiles: 2 }],
    );
  });
});
