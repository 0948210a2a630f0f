-- One row per workspace: the lock that every writing transaction takes first, and the counters it guards.
create table workspace_head (
  workspace_id integer primary key,
  seq bigint not null default 0,
  config_version integer not null default 1,
  last_node_id integer not null default 0,
  last_source_id integer not null default 0,
  last_type_id integer not null default 0,
  last_batch uuid
) with (fillfactor = 50);

create table node (
  workspace_id integer not null,
  id integer not null,
  public_id uuid not null,
  dialect text not null,
  kind text not null,
  name text not null,
  is_default boolean not null,
  settings jsonb not null default '{}',
  created_at timestamptz not null,
  primary key (workspace_id, id),
  unique (workspace_id, public_id)
);

-- Where events of a dialect come in by: Octeth's list, a WhatsApp number, a Webmarketer integration, a Contacthub source.
create table source (
  workspace_id integer not null,
  id integer not null,
  public_id uuid not null,
  dialect text not null,
  kind text not null,
  external_id text not null,
  name text not null,
  node_id integer not null,
  settings jsonb not null default '{}',
  created_at timestamptz not null,
  archived_at timestamptz,
  primary key (workspace_id, id),
  unique (workspace_id, dialect, kind, external_id)
);

create table event_type (
  workspace_id integer not null,
  id integer not null,
  public_id uuid not null,
  dialect text not null,
  name text not null,
  version integer not null,
  definition jsonb,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz,
  primary key (workspace_id, id),
  unique (workspace_id, dialect, name)
);

-- Each definition that a type ever had: an event keeps the version that it was checked by.
create table event_type_version (
  workspace_id integer not null,
  type_id integer not null,
  version integer not null,
  definition jsonb,
  created_at timestamptz not null,
  primary key (workspace_id, type_id, version)
);
