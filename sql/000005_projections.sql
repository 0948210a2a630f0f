-- Disposable: each can be dropped and rebuilt from events and metrics (throughline verify compares them).

create table rollup_quarter_hour (
  workspace_id integer not null,
  bucket timestamptz not null,
  type_id integer not null,
  metric text not null,
  total bigint not null,
  sum numeric not null,
  primary key (workspace_id, bucket, type_id, metric)
) with (fillfactor = 50);

create table rollup_day (
  workspace_id integer not null,
  day date not null,
  type_id integer not null,
  metric text not null,
  total bigint not null,
  sum numeric not null,
  primary key (workspace_id, day, type_id, metric)
) with (fillfactor = 50);

-- Events only, by where they came from.
create table rollup_day_origin (
  workspace_id integer not null,
  day date not null,
  type_id integer not null,
  node_id integer not null,
  context smallint not null,
  total bigint not null,
  primary key (workspace_id, day, type_id, node_id, context)
) with (fillfactor = 50);

-- Which properties the events of a type carry, per source (0: no source).
create table property (
  workspace_id integer not null,
  type_id integer not null,
  source_id integer not null,
  name text not null,
  data_type text not null,
  primary key (workspace_id, type_id, source_id, name, data_type)
);

-- Not derived: the first value of an attribute fixes its type for good (spec/webengage.md B7, B8). Type 0: profiles.
create table attribute_lock (
  workspace_id integer not null,
  type_id integer not null,
  name text not null,
  data_type text not null,
  primary key (workspace_id, type_id, name)
);
