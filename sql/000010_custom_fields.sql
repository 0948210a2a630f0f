-- What a list's subscribers can be asked for beside their address. source_id null: the field is every list's.
create table custom_field (
  workspace_id integer not null,
  id integer not null,
  source_id integer,
  name text not null,
  type text not null,
  alias text,
  identifies boolean not null,
  is_unique boolean not null,
  is_required boolean not null,
  default_value text not null,
  validation text not null,
  detail json not null,
  created_at timestamptz not null,
  primary key (workspace_id, id)
);
