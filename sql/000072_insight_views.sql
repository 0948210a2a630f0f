-- Questions to insights that somebody has given a name, as they are shown.
create table insight_view (
  workspace_id integer not null,
  id uuid not null,
  name text not null,
  question json not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id),
  unique (workspace_id, name)
);
