import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { readDue } from '../../src/core/attribution/due-store.ts';
import { countUnlikePairs } from '../../src/core/attribution/people-store.ts';
import { readPeriods } from '../../src/core/attribution/period-store.ts';
import type { WorkspaceId } from '../../src/core/workspace/workspace.ts';
import { migrate } from '../../src/store/migrate.ts';
import { onlyRow } from '../../src/store/queryable.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

const sql = join(import.meta.dirname, '..', '..', 'sql');
const id = (number: number) => `00000000-0000-7000-8000-0000000000${number}`;

let own: TestDatabase;
let former: string;

/** The tables as they were before persons were counted by months, with two conversions and what was due of them. */
before(async () => {
  own = await createTestDatabase();
  former = await mkdtemp(join(tmpdir(), 'tl-sql-'));
  for (const name of await readdir(sql))
    if (name.endsWith('.sql') && name < '000069') await cp(join(sql, name), join(former, name));
  await own.database.query('drop schema public cascade; create schema public');
  await migrate(own.database, former);
  const settings = '{"event": {"dialect": "webmarketer", "type": "order"}, "state": null, "metric": null}';
  await own.database.query(`
    insert into workspace (id, public_id, slug, name, timezone, currency, settings, created_at)
    values (1, gen_random_uuid(), 'w', 'W', 'Europe/Paris', 'EUR', '{}', now());
    insert into attribution_conversion (workspace_id, number, id, name, settings, state, created_at, updated_at) values
      (1, 1, '${id(11)}', 'orders', '${settings}', 'kept', '2026-01-01', '2026-01-01'),
      (1, 2, '${id(12)}', 'leads', '${settings}', 'kept', '2026-01-01', '2026-02-01'),
      (1, 3, '${id(13)}', 'quotes', '${settings}', 'counting', '2026-01-01', '2026-01-01');
    insert into attribution_rule (workspace_id, conversion, revision, timezone, settings) values
      (1, 1, 1, 'Europe/Paris', '${settings}'), (1, 2, 1, 'UTC', '${settings}'), (1, 2, 2, 'Europe/Paris', '${settings}');
    insert into change (workspace_id, seq, entity, entity_id, operation, changed_at) values
      (1, 7, 'attribution', '${id(14)}', 'update', '2026-01-31'), (1, 8, 'attribution', '${id(15)}', 'update', '2026-02-02');
    insert into attribution_people (workspace_id, conversion, date_of, dimension, previous_day, day, key, people) values
      (1, 1, 0, 0, '-infinity', '2026-01-30', 'spring', 3), (1, 1, 0, 0, '2026-01-30', '2026-01-31', 'spring', 1),
      (1, 1, 0, 0, '2026-01-30', '2026-02-02', 'spring', 2), (1, 1, 1, 1, '-infinity', '2026-01-30', '', 1);
    insert into attribution_due (workspace_id, profile_id, event_id, mark) values
      (1, '${id(21)}', '${id(31)}', '${id(41)}'), (1, '${id(22)}', '${id(32)}', '${id(41)}'),
      (1, '${id(23)}', '00000000-0000-0000-0000-000000000000', '${id(42)}');
  `);
});
after(async () => {
  await rm(former, { recursive: true });
  await own.drop();
});

it('persons are counted by months, what is due stays due, and reports as of a seq are answered as before', async () => {
  await migrate(own.database);
  const workspaces = await own.database.query<{ id: WorkspaceId }>('select id from workspace');
  const { id: workspace } = onlyRow(workspaces);
  assert.equal(await countUnlikePairs(own.database, workspace, 1), 0);
  const levels = await own.database.query<{ level: string }>(
    `select concat_ws(' ', date_of, dimension, previous_day, day, key, people) as level from attribution_people
      where workspace_id = 1 and date_of in (2, 12) order by 1`,
  );
  assert.deepEqual(
    levels.map(({ level }) => level),
    [
      '12 0 -infinity 2026-01-01 spring 3',
      '12 0 -infinity 2026-02-01 spring 2',
      '2 0 -infinity 2026-01-01 spring 3',
      '2 0 2026-01-01 2026-02-01 spring 2',
    ],
  );
  assert.deepEqual(await readDue(own.database, workspace, 200), {
    marks: [id(41), id(42)],
    eventIds: [id(31), id(32)],
    persons: [{ profileId: id(23), at: null }],
  });
  const keptAt = async (seq: number) =>
    (await readPeriods(own.database, workspace, seq)).map(({ conversion, timezone }) => [
      conversion,
      timezone,
    ]);
  // Of whose settings were changed, what was before is not known.
  assert.deepEqual(await keptAt(3), [[1, 'Europe/Paris']]);
  assert.deepEqual(await keptAt(8), [
    [1, 'Europe/Paris'],
    [2, 'Europe/Paris'],
  ]);
});
