import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Key } from '../../../src/core/identity/identity.ts';
import type { WorkspaceId } from '../../../src/core/workspace/workspace.ts';
import type { EventItem } from '../../../src/ingest/item.ts';
import {
  committed,
  countRows,
  type Engine,
  eventOf,
  nodes,
  readTotals,
  startEngine,
  subjectOf,
  submissionOf,
  userOf,
} from '../../ingest/engine.ts';

const office: Key = { kind: 'email', value: 'office@example.org' };
const crowd = 60;
const cap = 50;

let engine: Engine;
let workspaceId: WorkspaceId;

before(async () => {
  engine = await startEngine();
});
after(() => engine.close());
beforeEach(async () => {
  workspaceId = await engine.addWorkspace();
});

async function submit(command: EventItem) {
  return committed(await engine.ingest.submit(workspaceId, submissionOf(command)))[0]!;
}

const withOffice = (user: number, nodeId: number = nodes.webengage) =>
  eventOf(userOf(`user-${user}`, { contacts: [office] }), {}, { nodeId });

async function sizesOfPersons(): Promise<number[]> {
  const rows = await engine.database.query<{ size: number }>(
    'select count(*) as size from profile where workspace_id = $1 group by person_id order by size desc',
    [workspaceId],
  );
  return rows.map((row) => row.size);
}

for (const [how, submitAll] of [
  [
    'one after another',
    async () => {
      for (let user = 0; user < crowd; user++) await submit(withOffice(user));
    },
  ],
  [
    'in one batch',
    async () => {
      await Promise.all(Array.from({ length: crowd }, (_, user) => submit(withOffice(user))));
    },
  ],
] as const) {
  test(`of sixty profiles with one e-mail, ${how}, fifty become one person and ten are counted`, async () => {
    await submitAll();
    assert.deepEqual(await sizesOfPersons(), [cap, ...Array.from({ length: crowd - cap }, () => 1)]);
    assert.equal((await readTotals(engine.database, workspaceId))['link-capped'], crowd - cap);
    assert.equal(await countRows(engine.database, workspaceId, 'link'), cap - 1);
    assert.equal(await countRows(engine.database, workspaceId, 'event'), crowd);
  });
}

test('a record is still found by an e-mail that many profiles of another node have', async () => {
  await Promise.all(Array.from({ length: crowd }, (_, user) => submit(withOffice(user, nodes.webmarketer))));
  const subscriber = eventOf(subjectOf({ keys: [office] }), {}, { nodeId: nodes.signals });
  const first = await submit(subscriber);
  const second = await submit(subscriber);
  assert.ok(first.kind === 'stored' && second.kind === 'stored');
  assert.equal(second.profileId, first.profileId);
  assert.equal(await countRows(engine.database, workspaceId, 'profile'), crowd + 1);
});
