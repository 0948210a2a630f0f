import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { Key } from '../../src/core/identity/identity.ts';
import { attributeValues, mergeAttributes } from '../../src/core/profile/attributes.ts';
import { readKnownOfRecord } from '../../src/core/profile/profile-store.ts';
import { type Engine, eventOf, startEngine, subjectOf, submissionOf } from './engine.ts';

let engine: Engine;

before(async () => {
  engine = await startEngine();
});
after(() => engine.close());

const email: Key = { kind: 'field', value: 'email\nann@example.com' };
const phone: Key = { kind: 'field', value: 'phone\n+33639980001' };

async function sendName(keys: readonly Key[], name: string): Promise<string> {
  const item = eventOf(subjectOf({ keys, unitesKeys: true }), {}, { write: () => ({ name }) });
  const outcome = await engine.ingest.submit(engine.workspaceId, submissionOf(item));
  assert.equal(outcome.kind, 'committed');
  const [first] = outcome.kind === 'committed' ? outcome.outcomes : [];
  assert.equal(first?.kind, 'stored');
  return first?.kind === 'stored' ? first.profileId : '';
}

async function shownName(profileId: string): Promise<unknown> {
  const record = await readKnownOfRecord(engine.database, engine.workspaceId, profileId);
  return attributeValues(mergeAttributes(record.map((profile) => profile.attributes))).name;
}

it('shows of a merged record the value written last, also when its own profile had that value before', async () => {
  await sendName([email], 'Ann');
  await sendName([phone], 'Bob');
  const profileId = await sendName([email, phone], 'Ann');
  assert.equal(await shownName(profileId), 'Ann');
});

it('counts no version and no change for an event that only says again what is known', async () => {
  const key: Key = { kind: 'field', value: 'email\ntwice@example.com' };
  const profileId = await sendName([key], 'Tom');
  await sendName([key], 'Tom');
  const [profile] = await readKnownOfRecord(engine.database, engine.workspaceId, profileId);
  assert.equal(profile?.version, 1);
  const changes = await engine.database.query(
    "select seq from change where workspace_id = $1 and entity_id = $2 and operation = 'update'",
    [engine.workspaceId, profileId],
  );
  assert.equal(changes.length, 0);
});
