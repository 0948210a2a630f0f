import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { listTenantTables } from '../../src/core/workspace/workspace-deletion-store.ts';
import { projections, transfer } from '../../src/dialects/registry.ts';
import { columnOf } from '../../src/transfer/kinds.ts';
import { headKind, workspaceKind } from '../../src/transfer/transfer-store.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

const kinds = [workspaceKind, headKind, ...transfer.kinds];
const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'export-format.md'), 'utf8');

/** Columns that are in no file, and why. */
const withoutMember: Readonly<Record<string, string>> = {
  'workspace.id': 'the number of a workspace is its database’s',
  'job.claimed_by': 'of a process there',
  'job.claimed_until': 'of a process there',
};

let own: TestDatabase;

before(async () => {
  own = await createTestDatabase();
});
after(() => own.drop());

it('has every table of tenants in a file, or says why not', async () => {
  const known = [
    ...kinds.filter(({ isShared }) => !isShared).map(({ table }) => table),
    ...transfer.leftOut.map(({ table }) => table),
  ];
  assert.deepEqual(known.sort(), [...(await listTenantTables(own.database)), 'workspace'].sort());
});

it('has a member for every column', async () => {
  const rows = await own.database.query<{ table: string; name: string }>(
    `select c.relname::text as "table", a.attname::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped and a.attname <> 'workspace_id'`,
  );
  for (const { record, table, fields } of kinds) {
    const columns = rows
      .filter((row) => row.table === table && !withoutMember[`${table}.${row.name}`])
      .map(({ name }) => name);
    assert.deepEqual(fields.map(columnOf).sort(), columns.sort(), record);
  }
});

it('has a rule that makes anew what it leaves out', () => {
  const known = projections.map(({ counts }) => counts);
  for (const { table, madeBy } of transfer.leftOut)
    assert.ok(madeBy === null || known.includes(madeBy), `${table} is made by ${madeBy}, which is none`);
});

it('has what opens a workspace, or sets something going in it, behind all else', () => {
  const last = transfer.kinds.filter(({ isLast }) => isLast);
  assert.deepEqual(last, transfer.kinds.slice(-last.length));
  for (const table of ['dialect_binding', 'account', 'credential', 'attribution_due', 'ad_account', 'job'])
    assert.ok(
      last.some((kind) => kind.table === table),
      table,
    );
});

it('has every record with its members, and every table that is left out, on its page', () => {
  for (const { record, fields } of kinds)
    assert.ok(page.includes(`| \`${record}\` | ${fields.join(', ')} |`), `${record} is not on the page`);
  for (const { table, why } of transfer.leftOut)
    assert.ok(page.includes(`| \`${table}\` | ${why} |`), `${table} is not on the page`);
});
