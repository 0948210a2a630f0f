import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { readKeysOfProfiles } from '../../../src/core/identity/identity-store.ts';
import type { WorkspaceId } from '../../../src/core/workspace/workspace.ts';
import type { Queryable } from '../../../src/store/queryable.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';

const workspaceId = 1 as WorkspaceId;
const profiles = 20_000;
const asked = 20;

let own: TestDatabase;

before(async () => {
  own = await createTestDatabase();
  await own.database.query(`
    insert into workspace (id, public_id, slug, name, timezone, currency, settings, created_at)
    values (1, gen_random_uuid(), 'w', 'W', 'UTC', 'EUR', '{}', now());
    insert into identity (workspace_id, kind, value, node_id, profile_id, created_seq)
    select 1, kind, 'value ' || number, 1, lpad(to_hex(number), 32, '0')::uuid, number * 2 + kind
      from generate_series(1, ${profiles}) number, generate_series(1, 2) kind`);
});
after(() => own.drop());

const profileIds = Array.from(
  { length: asked },
  (_, index) => `00000000-0000-0000-0000-${((index + 1) * 900).toString(16).padStart(12, '0')}`,
);

it('answers the keys of profiles, oldest first', async () => {
  const keys = await readKeysOfProfiles(own.database, workspaceId, [...profileIds].reverse());
  assert.deepEqual(
    keys.map((key) => key.profileId),
    profileIds.flatMap((id) => [id, id]),
  );
});

interface Explained {
  'QUERY PLAN': [{ Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number } }];
}

it('does not read all keys of a workspace that has many, where nothing is known of the table yet', async () => {
  let pages = Number.POSITIVE_INFINITY;
  const explained: Queryable = {
    query: async (text, values) => {
      const [row] = await own.database.query<Explained>(
        `explain (analyze, buffers, format json) ${text}`,
        values as [],
      );
      const [{ Plan }] = row!['QUERY PLAN'];
      pages = Plan['Shared Hit Blocks'] + Plan['Shared Read Blocks'];
      return [];
    },
  };
  await readKeysOfProfiles(explained, workspaceId, profileIds);
  // A look takes four or five of them; the workspace's keys lie on hundreds.
  assert.ok(pages < asked * 8, `${pages} pages`);
});
