-- Metrics of events that say a context, by where they came from (projections/rollups). Disposable.
create table rollup_day_metric_origin (
  workspace_id integer not null,
  day date not null,
  type_id integer not null,
  metric text not null,
  node_id integer not null,
  context smallint not null,
  total bigint not null,
  sum numeric not null,
  primary key (workspace_id, day, type_id, metric, node_id, context)
) with (fillfactor = 50);

-- What Contacthub's analytics count by local day (dialects/contacthub/analytics/measures.ts). Disposable.
create table analytics_day (
  workspace_id integer not null,
  measure smallint not null,
  day date not null,
  node_id integer not null,
  total bigint not null,
  primary key (workspace_id, measure, day, node_id)
) with (fillfactor = 50);

-- How many pages of the web a session or a customer of Contacthub's looked at on a local day. Disposable.
create table visit (
  workspace_id integer not null,
  day date not null,
  profile_id uuid not null,
  node_id integer not null,
  views integer not null,
  primary key (workspace_id, day, profile_id)
) with (fillfactor = 80);

alter table customer_count
  add column with_email bigint not null default 0,
  add column with_mobile bigint not null default 0,
  add column with_both bigint not null default 0;

-- Deletions by day. Few of all rows are in these.
create index profile_deleted on profile (workspace_id, node_id, deleted_at) where deleted_at is not null and not anonymous;
create index change_event_deleted on change (workspace_id, node_id, changed_at) where entity = 'event' and operation = 'delete';

-- The metrics of Contacthub's orders that are stored, but of those that were emptied since (as of this version:
-- dialects/contacthub/analytics/order-metrics.ts has the rule).
insert into metric (workspace_id, event_id, key, type_id, kind, value, currency, raw, occurred_at, created_at, updated_at, counted)
select o.workspace_id, o.id, m.key, o.type_id, 'statistic', m.value, case when m.is_amount then coalesce(o.foreign_currency, o.currency) end,
       'null'::json, o.occurred_at, o.received_at, o.received_at, not m.is_amount or o.foreign_currency is null or o.foreign_currency = o.currency
  from (
    select e.workspace_id, e.id, e.type_id, e.occurred_at, e.received_at, w.currency, coalesce(e.properties ->> 'type', '') = 'return' as is_return,
           case when coalesce(nullif(a.rate, '')::numeric, 0) <= 0 and a.local_currency ~ '^[A-Z]{3}$' then a.local_currency end as foreign_currency,
           coalesce(a.total, a.revenue) as total, coalesce(a.revenue, a.total) as revenue, a.products
      from event e
      join event_type t on t.workspace_id = e.workspace_id and t.id = e.type_id and t.dialect = 'contacthub' and t.name = 'completedOrder' and e.detail is not null
      join workspace w on w.id = e.workspace_id
     cross join lateral (
       select case when json_typeof(e.properties #> '{amount,total}') = 'number' then (e.properties #>> '{amount,total}')::numeric end as total,
              case when json_typeof(e.properties #> '{amount,revenue}') = 'number' then (e.properties #>> '{amount,revenue}')::numeric end as revenue,
              case when json_typeof(e.properties #> '{amount,local,exchangeRate}') = 'number'
                   then e.properties #>> '{amount,local,exchangeRate}' end as rate,
              e.properties #>> '{amount,local,currency}' as local_currency,
              (select sum(case when json_typeof(l.value -> 'quantity') = 'number' then (l.value ->> 'quantity')::numeric else 1 end)
                 from json_array_elements(case when json_typeof(e.properties -> 'products') = 'array' then e.properties -> 'products'
                                               else '[]'::json end) l
                where json_typeof(l.value) = 'object' and coalesce(l.value ->> 'type', '') <> 'return') as products
     ) a
  ) o
 cross join lateral (
   values (case when o.is_return then 'contacthub-return' else 'contacthub-purchase' end, true,
           case when o.is_return then abs(coalesce(o.total, 0)) else coalesce(o.total, 0) end),
          ('revenue', true, case when o.is_return then -abs(o.revenue) else o.revenue end),
          ('contacthub-products', false, case when o.is_return then null else nullif(o.products, 0) end)
 ) as m (key, is_amount, value)
 where m.value is not null
on conflict do nothing;

-- All of it is counted for the first time by a rebuild, beside what comes in.
insert into job (workspace_id, id, kind, subject, state, input, revision, done, failed, attempts, requested_by, requested_at, due_at,
                 updated_at)
select h.workspace_id, gen_random_uuid(), 'rebuild', '', 'waiting', '{}'::json, 0, 0, 0, 0, 'configuration', n.now, n.now, n.now
  from workspace_head h
 cross join (select date_trunc('milliseconds', now()) as now) n
 where exists (select from profile p join node d on d.workspace_id = p.workspace_id and d.id = p.node_id and d.dialect = 'contacthub'
                where p.workspace_id = h.workspace_id)
on conflict (workspace_id, kind, subject) where state in ('waiting', 'running')
   do update set revision = job.revision + 1, cursor = null, done = 0, total = null;
