import { randomUUID } from 'node:crypto';
import { hashPassword } from '../../src/core/credential/credential.ts';
import type { DialectName } from '../../src/core/dialect-name.ts';
import { type IdentityKind, identityKinds } from '../../src/core/identity/identity.ts';
import type { Link } from '../../src/core/link/link.ts';
import type { NodeSettings } from '../../src/core/node/node.ts';
import { nameQuestion } from '../../src/core/profile/name-words.ts';
import { changeConfiguration } from '../../src/core/workspace/change-configuration.ts';
import { listTenantTables } from '../../src/core/workspace/workspace-deletion-store.ts';
import type { Queryable } from '../../src/store/queryable.ts';
import { NativeClient } from './native-client.ts';
import type { Reply } from './vendor-client.ts';

export interface StoredEvent {
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly dialect: DialectName;
  readonly profileId: string;
  readonly personId: string | null;
  readonly sourceId: string | null;
  readonly occurredAt: string;
  readonly properties: Record<string, unknown>;
  /** Members that the dialect did not keep. */
  readonly dropped: readonly string[];
}

export interface QuarantinedEvent {
  readonly id: string;
  readonly dialect: DialectName;
  readonly type: string | null;
  readonly rule: string;
  readonly path: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
  /** As it was sent. */
  readonly raw: string;
}

export interface StoredTouchpoint {
  readonly id: string;
  readonly profileId: string;
  readonly personId: string | null;
  readonly at: string;
  readonly dialect: DialectName;
  readonly channel: string;
  /** As its dialect calls it. */
  readonly integration: string | null;
  readonly campaign: { readonly id: string; readonly slug: string | null } | null;
  readonly cost: { readonly amount: number; readonly currency: string } | null;
  readonly eventId: string | null;
  readonly detail: Record<string, unknown> | null;
}

export interface StoredMetric {
  readonly eventId: string;
  readonly key: string;
  readonly value: number;
  readonly currency: string | null;
  readonly at: Date;
  readonly counted: boolean;
}

export interface StoredLink {
  readonly id: string;
  readonly first: string;
  readonly second: string;
  readonly scope: Link['scope'];
  readonly origin: Link['origin'];
  readonly evidence: string;
  readonly exclusive: boolean;
  readonly rivals: readonly string[];
  readonly createdSeq: number;
  readonly undoneAt: string | null;
}

export interface StoredProfile {
  readonly id: string;
  readonly recordId: string;
  readonly personId: string;
  readonly anonymous: boolean;
  readonly createdSeq: number;
  /** By flat path, without the seqs. */
  readonly values: Record<string, unknown>;
}

export interface KnownProfile {
  readonly id: string;
  readonly nodeId: string;
  readonly recordId: string;
  readonly createdSeq: number;
  /** By flat path. */
  readonly attributes: Readonly<Record<string, [value: unknown, seq: number]>>;
}

/**
 * What is stored of a workspace, as tests of the wire look at it: by the native API where that shows it, else by a statement. No
 * other file of such tests knows a table, so that a table can change without them.
 */
export class Store extends NativeClient {
  /** In the order of their seq. */
  async events(): Promise<StoredEvent[]> {
    const found: StoredEvent[] = [];
    for (let afterSeq = 0; ; afterSeq = found.at(-1)!.seq) {
      const { events } = await this.read(`/events?limit=1000&afterSeq=${afterSeq}`);
      if (events.length === 0) return found;
      found.push(...events);
    }
  }

  /** Likewise, with the record that the vendor's API shows each in. */
  async eventsWithRecords(): Promise<(StoredEvent & { readonly recordId: string | undefined })[]> {
    const records = new Map((await this.profiles()).map(({ id, recordId }) => [id, recordId]));
    return (await this.events()).map((event) => ({ ...event, recordId: records.get(event.profileId) }));
  }

  /** Likewise, with what a dialect keeps of each beside its properties, for its own answers. */
  async eventsWithDetails() {
    const rows = await this.query<{ id: string; detail: Record<string, unknown> | null }>(
      'select id, detail from event where workspace_id = $1',
      [this.workspace.created.id],
    );
    const details = new Map(rows.map(({ id, detail }) => [id, detail]));
    return (await this.eventsWithRecords()).map((event) => ({
      ...event,
      detail: details.get(event.id) ?? null,
    }));
  }

  /** Oldest first, those that were replayed too. */
  async quarantined(): Promise<QuarantinedEvent[]> {
    const found = await this.#readPages('/quarantine?limit=200&replayed=true', 'events');
    return Promise.all(found.reverse().map(({ id }) => this.read(`/quarantine/${id}`)));
  }

  /** Oldest first. */
  async touchpoints(): Promise<StoredTouchpoint[]> {
    const found = await this.#readPages('/touchpoints?limit=500', 'touchpoints');
    return found.reverse();
  }

  /** The links between the workspace's profiles, undone ones too. */
  async links(): Promise<StoredLink[]> {
    const persons = new Set((await this.profiles()).map(({ personId }) => personId));
    const found = new Map<string, StoredLink>();
    for (const person of persons)
      for (const link of (await this.read(`/people/${person}/links`)).links) found.set(link.id, link);
    return [...found.values()];
  }

  async #readPages(path: string, list: string): Promise<Reply['body'][]> {
    const found = [];
    for (let next = ''; ; ) {
      const page = await this.read(path + next);
      found.push(...page[list]);
      if (page.next === null) return found;
      next = `&next=${encodeURIComponent(page.next)}`;
    }
  }

  /** The counters of a dialect that are not zero, such as `stored` or `dropped reserved-event`, of the last 31 days. */
  async accounting(dialect: DialectName): Promise<Record<string, number>> {
    const until = new Date(this.test.app.services.clock());
    const since = new Date(until.getTime() - 31 * 24 * 60 * 60 * 1000);
    const query = new URLSearchParams({ since: since.toISOString(), until: until.toISOString() });
    const { hours }: { hours: AccountedHour[] } = await this.read(`/accounting?${query}`);
    const totals: Record<string, number> = {};
    const add = (name: string, total: number) => {
      if (total !== 0) totals[name] = (totals[name] ?? 0) + total;
    };
    for (const hour of hours.filter((of) => of.dialect === dialect)) {
      for (const outcome of countedOutcomes) add(outcome, hour[outcome]);
      for (const [outcome, counter] of reasonedOutcomes)
        for (const [reason, total] of Object.entries(hour[counter])) add(`${outcome} ${reason}`, total);
      add('link-capped', hour.linksCapped);
    }
    return totals;
  }

  /** Oldest first. */
  async profiles(): Promise<StoredProfile[]> {
    const rows = await this.query<
      Omit<StoredProfile, 'values'> & { attributes: Record<string, [unknown, number]> }
    >(
      `select id, record_id as "recordId", person_id as "personId", anonymous, attributes, created_seq as "createdSeq"
         from profile where workspace_id = $1 order by created_seq, id`,
      [this.workspace.created.id],
    );
    return rows.map(({ attributes, ...row }) => ({
      ...row,
      values: Object.fromEntries(Object.entries(attributes).map(([path, [value]]) => [path, value])),
    }));
  }

  /** Of the workspace's events, oldest first. */
  metrics(): Promise<StoredMetric[]> {
    return this.query(
      `select m.event_id as "eventId", m.key, m.value::float8 as value, m.currency, m.occurred_at as at, m.counted
         from metric m join event e on e.workspace_id = $1 and e.id = m.event_id
        where m.workspace_id = $1 order by e.seq, m.key`,
      [this.workspace.created.id],
    );
  }

  /** What an event's metrics were before, in the order in which they were set. */
  metricHistory(eventId: string): Promise<{ value: number; at: Date }[]> {
    return this.query(
      `select value::float8 as value, occurred_at as at from metric_history
        where workspace_id = $1 and event_id = $2 order by seq`,
      [this.workspace.created.id, eventId],
    );
  }

  /** Adds events to the only one of a type, to the same profile, an hour apart and later; answers whose they are. */
  async fillTimeline(typeName: string, count: number): Promise<string> {
    const [first] = (await this.events()).filter(({ type }) => type === typeName);
    if (!first?.personId) throw new Error(`nobody has an event ${typeName}`);
    await this.query(
      `insert into event (workspace_id, type_id, seq, occurred_at, received_at, id, profile_id, properties)
       select e.workspace_id, e.type_id, 1000000 + number, e.occurred_at + make_interval(hours => number), e.received_at, gen_random_uuid(),
              e.profile_id, json_build_object('number', number, 'note', 'some text of an event')
         from event e, generate_series(1, $3::integer) number where e.workspace_id = $1 and e.id = $2`,
      [this.workspace.created.id, first.id, count],
    );
    return first.personId;
  }

  /** How the database looks for a name among 20,000 that are added for it. */
  async explainNameSearch(text: string): Promise<string> {
    const { id } = this.workspace.created;
    await this.query(
      `insert into profile_name (workspace_id, profile_id, words)
       select h.workspace_id, gen_random_uuid(),
              array_to_tsvector(array[h.workspace_id || ':name', h.workspace_id || ':' || number])
         from workspace_head h, generate_series(1, 20000) number where h.workspace_id = $1`,
      [id],
    );
    await this.query('analyze profile_name', []);
    const rows = await this.query<{ 'QUERY PLAN': string }>(
      'explain select profile_id from profile_name where workspace_id = $1 and words @@ $2::text::tsquery limit 1000',
      [id, nameQuestion(id, text)],
    );
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  }

  /** The profiles that are somebody and not gone, each value with the seq of its write. */
  knownProfiles(): Promise<KnownProfile[]> {
    return this.query(
      `select p.id, n.public_id as "nodeId", p.record_id as "recordId", p.attributes, p.created_seq as "createdSeq"
         from profile p join node n on n.workspace_id = $1 and n.id = p.node_id
        where p.workspace_id = $1 and not p.anonymous and p.deleted_at is null order by p.created_seq`,
      [this.workspace.created.id],
    );
  }

  /** Takes away all that is derived of aggregate nodes. */
  async dropAggregates(): Promise<void> {
    const { id } = this.workspace.created;
    // The ids that parts bring along are facts.
    await this.query(
      'update aggregate_part set alike = null, own = null, created_seq = 0 where workspace_id = $1',
      [id],
    );
    await this.query('delete from aggregate_customer where workspace_id = $1', [id]);
    await this.query(
      `delete from customer_index where workspace_id = $1 and node_id in (
         select id from node where workspace_id = $1 and kind = 'aggregate')`,
      [id],
    );
    await this.query('update customer_count set total = 77 where workspace_id = $1', [id]);
  }

  async countChangesOf(entityId: string): Promise<number> {
    const rows = await this.query('select 1 from change where workspace_id = $1 and entity_id = $2', [
      this.workspace.created.id,
      entityId,
    ]);
    return rows.length;
  }

  /** The versions that are kept of an event type. */
  async versionsOf(typeName: string): Promise<number[]> {
    const rows = await this.query<{ version: number }>(
      `select v.version from event_type_version v join event_type t on t.workspace_id = $1 and t.id = v.type_id
        where v.workspace_id = $1 and t.name = $2 order by v.version`,
      [this.workspace.created.id, typeName],
    );
    return rows.map(({ version }) => version);
  }

  /** The names of properties in the catalogue of an event type's, and whether only visitors have brought them. */
  propertyNames(typeName: string): Promise<{ name: string; keyless: boolean }[]> {
    return this.query(
      `select distinct p.name, p.keyless from property p join event_type t on t.workspace_id = $1 and t.id = p.type_id
        where p.workspace_id = $1 and t.name = $2`,
      [this.workspace.created.id, typeName],
    );
  }

  /** Takes a credential away without a word, as nobody can. */
  async removeCredential(id: string): Promise<void> {
    await this.query('delete from credential where id = $1::text::uuid', [id]);
  }

  /** Every credential as its row is, of all workspaces, to look for a secret in them. */
  async credentialRows(): Promise<string[]> {
    const rows = await this.query<{ row: string }>('select credential::text as row from credential');
    return rows.map(({ row }) => row);
  }

  /** Gives a subject a password where no API does. */
  async addPassword(dialect: DialectName, role: string, subject: string, password: string): Promise<void> {
    await this.query(
      `insert into credential (id, workspace_id, dialect, kind, role, name, subject, verifier, created_at)
       values (gen_random_uuid(), $1, $2, 'password', $3, $4, $4, $5, now())`,
      [this.workspace.created.id, dialect, role, subject, await hashPassword(password)],
    );
  }

  /** Lets every credential of the workspace have expired a second ago. */
  async expireCredentials(): Promise<void> {
    await this.query('update credential set expires_at = $2 where workspace_id = $1', [
      this.workspace.created.id,
      new Date(Date.now() - 1000),
    ]);
  }

  /** Puts settings into the workspace that no API takes, as an older version let them in. */
  async setSettings(settings: object): Promise<void> {
    const { id } = this.workspace.created;
    await this.query('update workspace set settings = settings || $2::text::jsonb where id = $1', [
      id,
      JSON.stringify(settings),
    ]);
    await this.query(
      'update workspace_head set config_version = config_version + 1 where workspace_id = $1',
      [id],
    );
    await this.test.app.services.workspaces.reload(id);
  }

  /** How many values of each metric of an event type are counted, over all days. */
  countedMetrics(typeName: string): Promise<{ metric: string; total: number }[]> {
    return this.query(
      `select d.metric, sum(d.total)::integer as total
         from rollup_day d join event_type t on t.workspace_id = $1 and t.id = d.type_id
        where d.workspace_id = $1 and t.name = $2 group by d.metric order by d.metric`,
      [this.workspace.created.id, typeName],
    );
  }

  /** The key of a kind that each profile has. */
  async keys(kind: IdentityKind): Promise<Map<string, string>> {
    const rows = await this.query<{ id: string; value: string }>(
      'select profile_id as id, value from identity where workspace_id = $1 and kind = $2',
      [this.workspace.created.id, identityKinds[kind]],
    );
    return new Map(rows.map(({ id, value }) => [id, value]));
  }

  /** Takes away what was stored so that the next test begins with no event; what is derived of them stays. */
  async forgetEvents(): Promise<void> {
    await this.query('delete from event where workspace_id = $1', [this.workspace.created.id]);
  }

  /** What a dialect keeps of an event beside its properties, for its own answers. */
  async detailOf(eventId: string): Promise<Record<string, unknown> | null> {
    const [row] = await this.query<{ detail: Record<string, unknown> | null }>(
      'select detail from event where workspace_id = $1 and id = $2',
      [this.workspace.created.id, eventId],
    );
    return row?.detail ?? null;
  }

  /** Puts right what was sent, as an operator who has the sender's word may before it is replayed. */
  async mend(quarantinedId: string, body: unknown): Promise<void> {
    await this.query(
      "update quarantine set raw = convert_to($3, 'UTF8') where workspace_id = $1 and id = $2",
      [this.workspace.created.id, quarantinedId, JSON.stringify(body)],
    );
  }

  /** How many of a kind there are in all workspaces together, to tell that something stored nothing. */
  async count(kind: CountedTable): Promise<number> {
    const [row] = await this.query<{ total: number }>(`select count(*)::integer as total from ${kind}`);
    return row?.total ?? 0;
  }

  /** How many events were counted on each day of the workspace's zone. */
  countedDays(): Promise<{ day: string; total: number }[]> {
    return this.query(
      `select day, sum(total)::integer as total from rollup_day where workspace_id = $1
        group by day having sum(total) <> 0 order by day`,
      [this.workspace.created.id],
    );
  }

  /** Makes the accounting wrong by so many stored events. */
  async miscount(more: number): Promise<void> {
    await this.query(
      "update accounting set total = total + $2 where workspace_id = $1 and outcome = 'stored'",
      [this.workspace.created.id, more],
    );
  }

  /** Makes those of whom there is an event of this type have clicked on an ad an hour before it. */
  async addClickBefore(typeName: string, adId: string): Promise<void> {
    await this.query(
      `insert into touchpoint (workspace_id, id, profile_id, occurred_at, received_at, dialect, channel, ad_id)
       select $1, gen_random_uuid(), e.profile_id, e.occurred_at - interval '1 hour', now(), 'signals', 'paid-social', $3
         from event e join event_type t on t.workspace_id = $1 and t.id = e.type_id and t.name = $2
        where e.workspace_id = $1`,
      [this.workspace.created.id, typeName, adId],
    );
  }

  /** Adds as many events like the last one, each with these properties and the next seq; what is derived knows nothing of them. */
  async copyLastEvent(copies: number, properties: object): Promise<void> {
    const { id } = this.workspace.created;
    await this.query(
      `insert into event (workspace_id, type_id, seq, occurred_at, received_at, id, profile_id, context, properties)
       select $1, e.type_id, e.seq + n, now(), now(), gen_random_uuid(), e.profile_id, e.context, $3::text::json
         from (select * from event where workspace_id = $1 order by seq desc limit 1) e, generate_series(1, $2::integer) as n`,
      [id, copies, JSON.stringify(properties)],
    );
    await this.query('update workspace_head set seq = seq + $2 where workspace_id = $1', [id, copies]);
  }

  /** Adds as many types of events to a dialect; answers how to remove them again. */
  async addEventTypes(dialect: DialectName, count: number): Promise<() => Promise<void>> {
    const { id } = this.workspace.created;
    await this.query(
      `insert into event_type (workspace_id, id, public_id, dialect, name, version, created_at, updated_at)
       select $1, 100000 + n, gen_random_uuid(), $2, 'many-' || n, 1, now(), now() from generate_series(1, $3::integer) n`,
      [id, dialect, count],
    );
    await this.setSettings({});
    return async () => {
      await this.query("delete from event_type where workspace_id = $1 and name like 'many-%'", [id]);
      await this.setSettings({});
    };
  }

  /** Adds as many campaigns from traffic to the integration that has the one of this slug; answers how to remove them again. */
  async addCampaignsLike(slug: string, count: number): Promise<() => Promise<void>> {
    const { id } = this.workspace.created;
    await this.query(
      `insert into campaign select c.workspace_id, gen_random_uuid(), c.source_id, 'many-' || n, '', true, false,
                                   c.created_at, c.updated_at
         from campaign c, generate_series(1, $3::integer) as n where c.workspace_id = $1 and c.slug = $2`,
      [id, slug, count],
    );
    return async () => {
      await this.query("delete from campaign where workspace_id = $1 and slug like 'many-%'", [id]);
    };
  }

  /** How many rows every table has of the workspace, where it has any. */
  async countAllRows(): Promise<Record<string, number>> {
    const tables = await listTenantTables(this.test.database);
    const parts = tables.map(
      (name) => `select '${name}' as name, count(*) as rows from ${name} where workspace_id = $1`,
    );
    const rows = await this.test.database.query<{ name: string; rows: number }>(parts.join(' union all '), [
      this.workspace.created.id,
    ]);
    return Object.fromEntries(rows.filter((row) => row.rows > 0).map((row) => [row.name, row.rows]));
  }

  /** Empties a table of counts, as nothing does that is meant to. */
  async loseCounts(table: 'analytics_day' | 'visit' | 'rollup_day_metric_origin'): Promise<void> {
    await this.query(`delete from ${table} where workspace_id = $1`, [this.workspace.created.id]);
  }

  /** Makes another node with the rules of the dialect's own; answers its public id. */
  async addNode(dialect: DialectName): Promise<string> {
    const { id } = this.workspace.created;
    const publicId = randomUUID();
    await changeConfiguration(this.test.app.services, id, new Date(), async ({ tx }) => {
      await tx.query(
        `insert into node (workspace_id, id, public_id, dialect, kind, name, is_default, settings, created_at)
         select workspace_id, 99, $2, dialect, kind, 'Second', false, settings, created_at from node
          where workspace_id = $1 and dialect = $3 and is_default`,
        [id, publicId, dialect],
      );
    });
    return publicId;
  }

  /** Sets what no API sets: the rules by which a dialect's node finds and keeps its records. */
  async setNode(dialect: DialectName, settings: NodeSettings): Promise<void> {
    const { id } = this.workspace.created;
    await changeConfiguration(this.test.app.services, id, new Date(), async ({ tx }) => {
      await tx.query('update node set settings = $3::text::jsonb where workspace_id = $1 and dialect = $2', [
        id,
        dialect,
        JSON.stringify(settings),
      ]);
    });
  }

  /** Rows as plain arrays, which the driver's are not. */
  protected async query<Row extends object>(...statement: Parameters<Queryable['query']>): Promise<Row[]> {
    return [...(await this.test.database.query<Row>(...statement))];
  }
}

type CountedTable =
  | 'accounting'
  | 'bulk_file'
  | 'bulk_job'
  | 'bulk_result'
  | 'campaign'
  | 'change'
  | 'dedupe_forever'
  | 'event'
  | 'identity'
  | 'profile'
  | 'quarantine'
  | 'touchpoint';

const countedOutcomes = ['received', 'stored', 'duplicate', 'quarantined', 'derived', 'deleted'] as const;
const reasonedOutcomes = [
  ['dropped', 'droppedBy'],
  ['refused', 'refusedBy'],
  ['attribute-dropped', 'attributesDroppedBy'],
] as const;

type AccountedHour = { readonly dialect: string; readonly linksCapped: number } & {
  readonly [outcome in (typeof countedOutcomes)[number]]: number;
} & { readonly [counter in (typeof reasonedOutcomes)[number][1]]: Record<string, number> };
