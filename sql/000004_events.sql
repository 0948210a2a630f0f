create table event (
  workspace_id integer not null,
  type_id integer not null,
  seq bigint not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  id uuid not null,
  profile_id uuid not null,
  source_id integer,
  type_version integer,
  version integer not null default 1,
  context smallint,
  updated_at timestamptz,
  properties json not null,
  detail json
);
create unique index event_id on event (workspace_id, id);
create unique index event_seq on event (workspace_id, seq);
create index event_profile on event (workspace_id, profile_id, occurred_at);
create index event_type_time on event (workspace_id, type_id, occurred_at);

-- Values that were set on an event: a state's or a statistic's. Defaults are made on reading.
create table metric (
  workspace_id integer not null,
  event_id uuid not null,
  key text not null,
  type_id integer not null,
  kind text not null,
  value numeric not null,
  currency text,
  raw json not null,
  occurred_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, event_id, key)
);
create index metric_time on metric (workspace_id, key, occurred_at);

-- Every change to a profile, a link or a stored event. Together with event.seq: gapless, in commit order.
create table change (
  workspace_id integer not null,
  seq bigint not null,
  entity text not null,
  entity_id uuid not null,
  operation text not null,
  changed_at timestamptz not null,
  primary key (workspace_id, seq)
);
create index change_entity on change (workspace_id, entity_id);

-- Once: a key that was answered stays answered.
create table dedupe_forever (
  workspace_id integer not null,
  scope smallint not null,
  key bytea not null,
  event_id uuid,
  outcome smallint not null,
  primary key (workspace_id, scope, key)
);

-- Once within a window: hourly partitions by the time of the first receipt, dropped whole (jobs/maintenance.ts).
create table dedupe_window (
  workspace_id integer not null,
  scope smallint not null,
  key bytea not null,
  first_at timestamptz not null,
  event_id uuid,
  outcome smallint not null,
  primary key (workspace_id, scope, key, first_at)
) partition by range (first_at);
create table dedupe_window_rest partition of dedupe_window default;

-- A bad event, whole, with the rule it broke and where.
create table quarantine (
  workspace_id integer not null,
  id uuid not null,
  dialect text not null,
  type text,
  rule text not null,
  path text,
  detail jsonb not null,
  request jsonb not null,
  raw bytea not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  processed_at timestamptz not null,
  replayed_at timestamptz,
  primary key (workspace_id, id)
);
create index quarantine_time on quarantine (workspace_id, processed_at desc);

create table accounting (
  workspace_id integer not null,
  dialect text not null,
  hour timestamptz not null,
  outcome text not null,
  reason text not null default '',
  total bigint not null,
  primary key (workspace_id, dialect, hour, outcome, reason)
) with (fillfactor = 50);
