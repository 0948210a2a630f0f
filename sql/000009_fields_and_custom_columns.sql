-- Fields that were created by themselves. Those that event types declare are read from the types' definitions.
create table field (
  workspace_id integer not null,
  entity text not null,
  key text not null,
  type text not null,
  label text not null,
  is_pii boolean not null,
  discriminant boolean not null,
  metadata jsonb not null,
  created_at timestamptz not null,
  archived_at timestamptz,
  primary key (workspace_id, entity, key)
);

-- What is worked out of metrics: symbols as they were given, formula as it is evaluated (core/custom-column/formula.ts).
create table custom_column (
  workspace_id integer not null,
  id uuid not null,
  key text not null,
  name text not null,
  format text not null,
  symbols json not null,
  formula text not null,
  created_at timestamptz not null,
  primary key (workspace_id, id),
  unique (workspace_id, key)
);
