import { setTimeout as sleep } from 'node:timers/promises';
import { ruleModels } from '../src/core/attribution/models.ts';
import { mendLevels } from '../src/core/attribution/people-store.ts';
import { creditColumn, valueColumn } from '../src/core/attribution/sum-store.ts';
import type { WorkspaceId } from '../src/core/workspace/workspace.ts';
import { inTransaction } from '../src/store/transaction.ts';
import type { BenchServer } from './bench-server.ts';

export const touchesOfPath = 10;
export const campaigns = 100;
export const origins = 300;
const personsOfHundred = 60;
const pathsPerSlice = 100_000;
const stepsOfDay = 4;
const zone = 'Europe/Paris';

interface Report {
  readonly rows: readonly { readonly key: string; readonly people: number }[];
  readonly total: { readonly conversions: number };
}

/** A workspace whose kept conversion has a year of sums. */
export interface FilledSums {
  ask(query: string): Promise<Report>;
  /** By campaign, gone through touch by touch. */
  countPersons(since: string, until: string): Promise<Map<string, number>>;
  seqDaysBeforeEnd(days: number): number;
}

/**
 * Makes a year of paths of a kept conversion by SQL, and from them what settling makes: the sums, by campaign and by channel those of persons,
 * and a record of a step each six hours. Events and touchpoints, which no such question reads, are not made.
 */
export async function fillSums(server: BenchServer, conversions: number): Promise<FilledSums> {
  const slug = 'attribution-report';
  const { accessToken, projectId } = (await server.addWorkspace(slug)).webmarketer;
  await server.call('POST', `/api/v1/projects/${projectId}/event-types`, accessToken, {
    reference: 'order',
    name: 'Order',
    fields: [
      {
        entity: 'statistic',
        type: 'currency',
        storageKey: 'turnover',
        ingestionKey: 'turnover',
        optional: true,
      },
    ],
  });
  const admin = server.credentials.admin.token;
  const path = `/throughline/v1/workspaces/${slug}`;
  const body = { name: 'orders', event: 'webmarketer:order', metric: 'turnover' };
  await server.call('POST', `${path}/conversions`, admin, body);
  for (let status = ''; status !== 'kept'; await sleep(100))
    status = (
      (await server.call('GET', `${path}/conversions`, admin)) as { conversions: { status: string }[] }
    ).conversions[0]!.status;
  const workspace = (await server.workspaces.find(slug))!;
  const filling = new Filling(server, workspace.id, conversions);
  const started = performance.now();
  await filling.run();
  console.log(`${conversions} conversions filled in ${Math.round((performance.now() - started) / 1000)} s`);
  return {
    ask: async (query) =>
      (await server.call('GET', `${path}/attribution?conversion=orders&${query}`, admin)) as Report,
    countPersons: (since, until) => filling.countPersons(since, until),
    seqDaysBeforeEnd: (days) => filling.seqDaysBeforeEnd(days),
  };
}

const uuid = (kind: string, number: string) =>
  `('${kind}0000000-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;
/** The same number for the same text, from 0 up to 1. */
const chance = (text: string) => `((hashint8(${text})::bigint + 2147483648) / 4294967296.0)`;

class Filling {
  readonly #server: BenchServer;
  readonly #workspace: WorkspaceId;
  readonly #conversions: number;
  readonly #steps = 365 * stepsOfDay;
  #firstSeq = 0;

  constructor(server: BenchServer, workspace: WorkspaceId, conversions: number) {
    this.#server = server;
    this.#workspace = workspace;
    this.#conversions = conversions;
  }

  async run(): Promise<void> {
    await this.#makeOrigins();
    for (let from = 0; from < this.#conversions; from += 2 * pathsPerSlice)
      await Promise.all(
        [from, from + pathsPerSlice]
          .filter((first) => first < this.#conversions)
          .map((first) => this.#makePaths(first, Math.min(this.#conversions, first + pathsPerSlice))),
      );
    await Promise.all([this.#makeDays(), this.#makePersons()]);
    await this.#makeSteps();
    await this.#server.database.query(
      'vacuum analyze attribution_day, attribution_people, attribution_entry, attribution_people_entry, attribution_path',
    );
  }

  /** Statements that may take minutes, in one transaction. */
  async #perform(...statements: string[]): Promise<void> {
    await inTransaction(this.#server.database, async (tx) => {
      await tx.query(
        `set local statement_timeout = 0; set local work_mem = '512MB'; set local synchronous_commit = off`,
      );
      for (const statement of statements) await tx.query(statement);
    });
  }

  #makeOrigins(): Promise<void> {
    const workspace = this.#workspace;
    const source = `(select id from source where workspace_id = ${workspace} and dialect = 'webmarketer' order by id limit 1)`;
    return this.#perform(
      `insert into campaign (workspace_id, id, source_id, slug, name, active, explicit, created_at, updated_at)
       select ${workspace}, ${uuid('c', 'number')}, ${source}, 'campaign-' || number, 'Campaign ' || number, true, true, now(), now()
         from generate_series(0, ${campaigns - 1}) number`,
      `insert into outlay (workspace_id, id, campaign_id, amount, currency, starts_at, ends_at, created_at, updated_at)
       select ${workspace}, ${uuid('b', 'number')}, ${uuid('c', 'number')}, 10000 + number, 'EUR', '2024-12-31T23:00:00Z',
              '2025-12-31T23:00:00Z', now(), now()
         from generate_series(0, ${campaigns - 1}) number`,
      `insert into attribution_origin (workspace_id, id, dialect, channel, source_id, campaign_id, utm_source, utm_medium, hash)
       select ${workspace}, number + 1, 'webmarketer', (array['custom-ads', 'email', 'paid-social'])[1 + number / ${campaigns} % 3], ${source},
              ${uuid('c', `number % ${campaigns}`)}, 'source-' || number / ${campaigns}, 'cpc', 'bench-' || number
         from generate_series(0, ${origins - 1}) number`,
      `insert into attribution_rule (workspace_id, conversion, revision, timezone, settings)
       select workspace_id, number, 1, '${zone}', settings from attribution_conversion where workspace_id = ${workspace}`,
      `create unlogged table bench_touch (path integer, person integer, converted date, touched date, origin integer, place integer)`,
    );
  }

  /** Conversions in the order of their times, each of 100.00; their touches lie within the 30 days before. */
  #makePaths(from: number, until: number): Promise<void> {
    const workspace = this.#workspace;
    const persons = Math.ceil((this.#conversions * personsOfHundred) / 100);
    const person = `(${chance('number')} * ${persons})::integer`;
    const touch = `number::bigint * ${touchesOfPath} + t`;
    return this.#perform(
      `create temporary table bench_path on commit drop as
       select number, ${person} as person, at,
              (select array_agg(touch order by touch)
                 from (select (extract(epoch from at) * 1000)::bigint - (${chance(touch)} * 30 * 86400000)::bigint as touch
                         from generate_series(0, ${touchesOfPath - 1}) t) s) as times,
              (select array_agg(1 + (${origins} * ${chance(`-(${touch})`)} ^ 1.5)::integer % ${origins})
                 from generate_series(0, ${touchesOfPath - 1}) t) as origins
         from (select number, '2025-01-01T00:00:00+01'::timestamptz + interval '364.99 days' * (number::float8 / ${this.#conversions}) as at
                 from generate_series(${from}, ${until - 1}) number) p`,
      `insert into attribution_path (workspace_id, conversion, revision, event_id, profile_id, person_id, converted_at, value, currency,
                                     touch_times, touch_origins)
       select ${workspace}, 1, 1, ${uuid('e', 'number')}, ${uuid('a', 'person')}, ${uuid('a', 'person')}, at, 100, 'EUR', times, origins
         from bench_path`,
      `insert into bench_touch
       select number, person, (at at time zone '${zone}')::date, (to_timestamp(touch / 1000.0) at time zone '${zone}')::date, origin, place
         from bench_path cross join lateral unnest(times, origins) with ordinality t (touch, origin, place)`,
    );
  }

  #makeDays(): Promise<void> {
    const [workspace, last] = [this.#workspace, touchesOfPath];
    const linear = 1_000_000_000 / last;
    const credits = {
      first: `case place when 1 then 1000000000 else 0 end`,
      last: `case place when ${last} then 1000000000 else 0 end`,
      'last-non-direct': `case place when ${last} then 1000000000 else 0 end`,
      linear: `${linear}`,
      position: `case place when 1 then 400000000 when ${last} then 400000000 else ${200_000_000 / (last - 2)} end`,
      'time-decay': `${linear}`,
    } as const;
    const sums = ruleModels.map((model) => `sum((${credits[model]})::bigint)::bigint`);
    // The value is 100.00, so that of a credit in billionths its tenth is in millionths.
    const values = ruleModels.map((model) => `sum((${credits[model]})::bigint / 10)`);
    const columns = [...ruleModels.map(creditColumn), ...ruleModels.map(valueColumn)].join(', ');
    const step = `1 + path::bigint * ${this.#steps} / ${this.#conversions}`;
    const days = (dating: number, day: string) =>
      `insert into attribution_day (workspace_id, conversion, date_of, day, origin_id, touches, ${columns})
       select ${workspace}, 1, ${dating}, ${day}, origin, count(*), ${[...sums, ...values].join(', ')} from bench_touch group by ${day}, origin`;
    const totals = columns.split(', ').map((column) => `sum(${column})`);
    return this.#perform(
      days(0, 'converted'),
      days(1, 'touched'),
      `insert into attribution_day (workspace_id, conversion, date_of, day, origin_id, touches, ${columns})
       select workspace_id, 1, date_of + 2, date_trunc('month', day::timestamp)::date, origin_id, sum(touches), ${totals.join(', ')}
         from attribution_day where workspace_id = ${workspace} group by workspace_id, date_of, 4, origin_id`,
      `insert into attribution_entry (workspace_id, conversion, step, date_of, day, origin_id, touches, ${columns})
       select ${workspace}, 1, ${step}, 0, converted, origin, count(*), ${[...sums, ...values].join(', ')}
         from bench_touch group by 3, converted, origin`,
    );
  }

  async #makePersons(): Promise<void> {
    const workspace = this.#workspace;
    const step = `1 + path::bigint * ${this.#steps} / ${this.#conversions}`;
    const channel = `(origin - 1) / ${campaigns}`;
    const kinds = [
      {
        dating: 0,
        dimension: 0,
        group: `(origin - 1) % ${campaigns}`,
        key: `${uuid('c', 'key_number')}::text`,
        day: 'converted',
      },
      {
        dating: 1,
        dimension: 0,
        group: `(origin - 1) % ${campaigns}`,
        key: `${uuid('c', 'key_number')}::text`,
        day: 'touched',
      },
      {
        dating: 0,
        dimension: 1,
        group: channel,
        key: `(array['custom-ads', 'email', 'paid-social'])[1 + key_number]`,
        day: 'converted',
      },
    ];
    for (const { dating, dimension, group, key, day } of kinds)
      await this.#perform(
        `create temporary table bench_pair on commit drop as
         select key_number, day, step, coalesce(lag(day) over (partition by person, key_number order by day), '-infinity') as previous_day
           from (select person, ${group} as key_number, ${day} as day, min(${step}) as step from bench_touch group by 1, 2, 3) d`,
        `insert into attribution_people (workspace_id, conversion, date_of, dimension, previous_day, day, key, people)
         select ${workspace}, 1, ${dating}, ${dimension}, previous_day, day, ${key}, total
           from (select previous_day, day, key_number, count(*) as total from bench_pair group by 1, 2, 3) p`,
        `insert into attribution_people_entry (workspace_id, conversion, step, date_of, dimension, previous_day, day, key, people)
         select ${workspace}, 1, step, ${dating}, ${dimension}, previous_day, day, ${key}, total
           from (select step, previous_day, day, key_number, count(*) as total from bench_pair group by 1, 2, 3, 4) p`,
      );
    await inTransaction(this.#server.database, async (tx) => {
      await tx.query(`set local statement_timeout = 0; set local work_mem = '512MB'`);
      await mendLevels(tx, workspace, 1);
    });
  }

  async #makeSteps(): Promise<void> {
    const workspace = this.#workspace;
    const [head] = await this.#server.database.query<{ seq: number }>(
      'select seq from workspace_head where workspace_id = $1',
      [workspace],
    );
    this.#firstSeq = head!.seq;
    await this.#perform(
      `insert into attribution_step (workspace_id, step, seq)
       select ${workspace}, number, ${this.#firstSeq} + number from generate_series(1, ${this.#steps}) number`,
      `update attribution_head set last_origin = ${origins}, last_step = ${this.#steps} where workspace_id = ${workspace}`,
      `update workspace_head set seq = seq + ${this.#steps} where workspace_id = ${workspace}`,
    );
  }

  seqDaysBeforeEnd(days: number): number {
    return this.#firstSeq + this.#steps - days * stepsOfDay;
  }

  async countPersons(since: string, until: string): Promise<Map<string, number>> {
    const rows = await inTransaction(this.#server.database, async (tx) => {
      await tx.query(`set local statement_timeout = 0; set local work_mem = '512MB'`);
      return tx.query<{ key: string; people: string }>(
        `select ${uuid('c', 'key_number')}::text as key, count(*) as people
           from (select distinct (origin - 1) % ${campaigns} as key_number, person from bench_touch
                  where converted >= '${since}' and converted < '${until}') d
          group by key_number`,
      );
    });
    return new Map(rows.map(({ key, people }) => [key, Number(people)]));
  }
}
