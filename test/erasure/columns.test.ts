import assert from 'node:assert/strict';
import { it } from 'node:test';
import { emptiedAtOnce } from '../../src/core/erasure/person-store.ts';
import { erasureRules } from '../../src/dialects/registry.ts';
import { stagesOf } from '../../src/jobs/erasure/erasure-job.ts';
import { useApp } from '../helpers/app.ts';

const test = await useApp();

const vocabulary = 'a word of the engine or of a dialect';
const configuration = 'what the client of the software has set up; no person brings it';
const ours = 'of the platform that is asked, and the client; no person is in it';
const names = 'a name that all share, and that is no one person’s: the vocabulary of a workspace';

/** Columns that hold texts or documents and that erasing a person leaves as they are, and why it may. */
const kept: Readonly<Record<string, string>> = {
  'account.*': configuration,
  'accounting.*': 'counters; a reason may be the name of a member, which is no one person’s',
  'ad.*': ours,
  'ad_account.*': ours,
  'ad_campaign.*': ours,
  'ad_day.*': ours,
  'attribute_lock.*': names,
  'attribution_conversion.*': configuration,
  'attribution_due.touched_at': 'times beside ids, gone when they are settled, within seconds',
  'attribution_origin.*':
    'where touches of a workspace came from, at most 10,000 that visitors name, and none of them with a person',
  'attribution_path.currency': 'a code',
  'attribution_path.touch_origins': 'the row is deleted',
  'attribution_path.touch_times': 'the row is deleted',
  'attribution_people.*': 'counts by what touches are grouped by',
  'attribution_people_entry.*': 'counts by what touches are grouped by',
  'attribution_period.*': configuration,
  'attribution_rule.*': configuration,
  'bulk_file.bytes':
    'rows of many persons, gone when they are read, minutes later; each is taken as a call is, and dropped of who was forgotten',
  'bulk_job.*': 'the name of a file and of its columns, once they are known to be names, and counts',
  'bulk_result.lines': 'numbers of rows, ids and what was wrong, without values',
  'campaign.*': names,
  'change.*': 'ids and names of types, nothing personal, as its contract has it (core/update-stream)',
  'consent_log.act': vocabulary,
  'consent_log.property': 'the path of an attribute, of which the value is taken',
  'conversation_day.ad_id': ours,
  'conversation_day.measure': vocabulary,
  'conversation_day.type_id':
    'made of the app, a type and a text of the rules; deleted with the row when it counts nothing',
  'conversation_event.ad_id': 'the row is deleted',
  'conversation_event.origin': 'the row is deleted',
  'conversation_event.type': 'the row is deleted',
  'conversation_event.type_id': 'the row is deleted',
  'conversation_recount.*': 'empty',
  'conversation_sale.ad_id': 'the row is deleted',
  'conversation_sale.currency': 'the row is deleted',
  'conversion.*': configuration,
  'credential.*': configuration,
  'custom_column.*': configuration,
  'custom_field.*': configuration,
  'dedupe_forever.key': 'a hash of what made a call unique; by it a repeat of others’ requests stays one',
  'dedupe_window.key': 'as above, and gone after hours',
  'deleted_workspace.*': 'of no workspace: an id, who asked, and counts',
  'dialect_binding.*': configuration,
  'erasure.*': 'counts, ids and who asked; a test looks that nothing personal is in a receipt',
  'event_group.*': configuration,
  'event_type.*': names,
  'event_type_version.*': configuration,
  'exchange_rate.*': configuration,
  'facebook_account.*': 'the account of the client itself',
  'field.*': names,
  'insight_view.*': configuration,
  'job.*': 'kinds, ids, counts, rules and names of event types',
  'metric.currency': 'a code',
  'metric.key': names,
  'metric.kind': vocabulary,
  'metric_history.currency': 'a code',
  'metric_history.key': names,
  'node.*': configuration,
  'outlay.*': configuration,
  'product.*': 'what is sold, as the client’s events name it; of who bought it nothing is taken over',
  'product_event_type.*': vocabulary,
  'property.*': names,
  'quarantine.dialect': vocabulary,
  'quarantine.replayed_as': vocabulary,
  'quarantine.rule': vocabulary,
  'quarantine_group.dialect': vocabulary,
  'quarantine_group.rule': vocabulary,
  'retention_progress.*': vocabulary,
  'rollup_day.metric': names,
  'rollup_day_metric_origin.metric': names,
  'rollup_quarter_hour.metric': names,
  'schema_migration.*': 'of no workspace',
  'source.*': configuration,
  'tombstone.hash': 'an HMAC by a key that is not in the database',
  'touchpoint.ad_id': ours,
  'touchpoint.channel': vocabulary,
  'touchpoint.currency': 'a code',
  'touchpoint.dialect': vocabulary,
  'user_right.*': configuration,
  'workspace.*': configuration,
};

it('empties every column that can hold something of a person, or says why not', async () => {
  const columns = await test.database.query<{ name: string }>(
    `select c.table_name || '.' || c.column_name as name
       from information_schema.columns c
       join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name and t.table_type = 'BASE TABLE'
      where c.table_schema = 'public' and c.table_name not like 'dedupe_window\\_%'
        and c.data_type not in ('uuid', 'integer', 'smallint', 'bigint', 'numeric', 'boolean', 'date', 'timestamp with time zone')
        and c.udt_name <> '_uuid'
      order by 1`,
  );
  const atOnce = [...erasureRules.values()].flatMap((rules) => rules.atOnce ?? []);
  const emptied = new Set([
    ...emptiedAtOnce,
    ...atOnce,
    ...stagesOf(erasureRules).flatMap(({ empties }) => empties),
  ]);
  const isKept = (name: string) => name in kept || `${name.split('.')[0]}.*` in kept;
  const forgotten = columns.filter(({ name }) => !emptied.has(name) && !isKept(name));
  assert.deepEqual(
    forgotten.map(({ name }) => name),
    [],
    'a stage of an erasure has to empty it (docs/erasure.md), or a reason has to stand here',
  );
  const there = new Set(columns.map(({ name }) => name));
  assert.deepEqual(
    [...emptied].filter((name) => !there.has(name)),
    [],
  );
  assert.deepEqual(
    [...emptied].filter((name) => name in kept),
    [],
  );
  const tables = new Set(columns.map(({ name }) => `${name.split('.')[0]}.*`));
  assert.deepEqual(
    Object.keys(kept).filter((name) => !there.has(name) && !tables.has(name)),
    [],
    'a reason stands for a column that is there',
  );
});
