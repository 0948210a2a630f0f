import assert from 'node:assert/strict';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { sqlState } from '../../src/store/database-error.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { refusedByCluster } from '../helpers/cluster-forms.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { statementsOf } from '../helpers/statements.ts';

const root = join(import.meta.dirname, '..', '..');
const parts = 4;

let own: TestDatabase;
let tables: string[];

/**
 * The tables as a cluster has them: each in parts by the workspace. What PostgreSQL makes of a statement then is what Citus makes of it: one part is
 * read where the statement names the workspace for the table, else all. It also takes no key without the workspace.
 */
before(async () => {
  own = await createTestDatabase();
  await own.database.query('drop schema public cascade; create schema public');
  tables = [];
  for (const name of readdirSync(join(root, 'sql')).filter((file) => file.endsWith('.sql'))) {
    const text = readFileSync(join(root, 'sql', name), 'utf8');
    await own.database.query(
      text.replaceAll(
        /^create table (\w+) (\(\n(?:(?!create table)[\s\S])*?\n\))(?: with \([^)]*\))?;/gm,
        inParts,
      ),
    );
  }
  await own.database.query(
    "insert into workspace (id, public_id, slug, name, timezone, currency, settings, created_at) values (1, gen_random_uuid(), 'w', 'W', 'UTC', 'EUR', '{}', now())",
  );
});
after(() => own.drop());

/** Those that are on every node are as they are. */
const everywhere = ['dialect_binding', 'credential', 'account'];

function inParts(whole: string, table: string, columns: string): string {
  if (!/^ {2}workspace_id integer (?:not null|primary key)/m.test(columns) || everywhere.includes(table))
    return whole;
  tables.push(table);
  const made = Array.from(
    { length: parts },
    (_, part) =>
      `create table ${table}_part_${part} partition of ${table} for values with (modulus ${parts}, remainder ${part});`,
  );
  return `create table ${table} ${columns} partition by hash (workspace_id);\n${made.join('\n')}`;
}

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
}

/** Tables of which more than one part is read for one mention. */
function readWhole(plan: Plan): string[] {
  const plans = plan.Plans ?? [];
  const read = plans.flatMap((one) => /^(\w+)_part_\d$/.exec(one['Relation Name'] ?? '')?.[1] ?? []);
  const several = /Append/.test(plan['Node Type'])
    ? read.filter((table, index) => read.indexOf(table) < index)
    : [];
  return [...several, ...plans.flatMap(readWhole)];
}

const files = globSync('src/{change,core,dialects,ingest,projections,query}/**/*.ts', { cwd: root });

/** A generic plan: for whatever parameters. Undefined of a text that is no statement by itself. */
async function planOf(statement: string): Promise<Plan | undefined> {
  const numbers = [...statement.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number));
  const count = Math.max(0, ...numbers);
  for (const workspace of ["'1'", 'null']) {
    const values = Array.from({ length: count }, (_, index) => (index === 0 ? workspace : 'null'));
    try {
      return await inTransaction(own.database, async (tx) => {
        await tx.query('set local plan_cache_mode = force_generic_plan');
        await tx.query('deallocate all');
        await tx.query(`prepare one as ${statement}`);
        const given = count > 0 ? `(${values.join(', ')})` : '';
        const [row] = await tx.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
          `explain (format json) execute one${given}`,
        );
        return row?.['QUERY PLAN'][0].Plan;
      });
    } catch (error) {
      if (sqlState(error) === undefined) throw error;
    }
  }
  return undefined;
}

it('the planner reads one part of each tenant table for every statement of the source', async () => {
  assert.ok(tables.length > 60, `${tables.length} tables are in parts`);
  const wrong: string[] = [];
  let planned = 0;
  // A job's look at what is due in all workspaces is the one kind of statement that names none.
  for (const file of files.filter((name) => !/\/due-\w+-store\.ts$/.test(name))) {
    for (const text of statementsOf(join(root, file))) {
      const plan = text.includes('${') ? undefined : await planOf(text.replaceAll('\\\\', '\\'));
      if (!plan) continue;
      planned++;
      for (const table of new Set(readWhole(plan))) wrong.push(`${file} reads all of ${table}: ${text}`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(planned > 300, `${planned} statements were planned`);
});

it('the planner reads all parts where a statement does not name the workspace of each table', async () => {
  const wanting = [
    'select 1 from event where id = $1::text::uuid',
    'delete from profile where id = $1::text::uuid',
    'update profile set version = 2 where person_id = $1::text::uuid',
    'select 1 from event e join profile p on p.id = e.profile_id where e.workspace_id = $1',
  ];
  const plans = await Promise.all(wanting.map(planOf));
  assert.deepEqual(
    plans.map((plan) => plan && [...new Set(readWhole(plan))]),
    [['event'], ['profile'], ['profile'], ['profile']],
  );
});

it('no statement inserts what it selects with random ids: Citus takes that to the coordinator', () => {
  const random = files.flatMap((file) =>
    statementsOf(join(root, file)).filter((text) =>
      /^\s*insert[\s\S]*\bselect\b[\s\S]*\b(?:gen_random_uuid|random)\(\)/.test(text),
    ),
  );
  assert.deepEqual(random, []);
});

it('a form that Citus does not take is known by its text, also where what it does is right on one server', () => {
  const from = 'select h.workspace_id, 1 from workspace_head h where h.workspace_id = $1';
  const written = `written as (insert into profile (workspace_id, node_id) ${from})`;
  const named = "named as materialized (select '(' as sign, id from profile where workspace_id = $1)";
  for (const [statement, why] of [
    [`with ${named} insert into visit (workspace_id, views) ${from}`, /stands behind the `insert`/],
    [`with ${written} insert into visit (workspace_id, views) ${from}`, /stands behind the `insert`/],
    [`with ${written}, read as (select 1 from profile) select 1`, /^read reads profile/],
    [`with ${written} select count(*) from profile where workspace_id = $1`, /^what follows reads profile/],
    [
      `with gone as (delete from profile where workspace_id = $1), read (id) as (select 1 from visit v join profile p on true), ${written.replace('profile', 'visit')} select 1`,
      /^read reads profile/,
    ],
    [
      `with recursive near (id) as (select 1 union select id + 1 from near), ${written} select 1`,
      /recursive/,
    ],
  ] as const)
    assert.match(refusedByCluster(statement) ?? 'nothing', why, statement);
  for (const statement of [
    from,
    `insert into visit (workspace_id, views) with ${named} ${from}`,
    `with ${named}, ${written} select 1`,
    `with ${named}, gone as (delete from profile where workspace_id = $1 and id in (select id from named)), ${written} select 1`,
    `with gone as (delete from profile where workspace_id = $1 returning id) update visit set views = 0 from gone where workspace_id = $1`,
    `with recursive near (id) as (select 1 union select id + 1 from near) select id from near`,
  ])
    assert.equal(refusedByCluster(statement), undefined, statement);
});

it('no statement of the source has a form that Citus does not take', () => {
  const wrong = files.flatMap((file) =>
    statementsOf(join(root, file)).flatMap((text) => {
      const why = refusedByCluster(text);
      return why === undefined ? [] : [`${file}: ${why}: ${text}`];
    }),
  );
  assert.deepEqual(wrong, []);
});
