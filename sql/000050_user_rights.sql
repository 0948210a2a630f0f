-- What a user may in which nodes of Contacthub, where it may not do all that its role may in every one. By node: R, W or RW.
create table user_right (
  workspace_id integer not null,
  user_id uuid not null,
  rights jsonb not null,
  updated_at timestamptz not null,
  primary key (workspace_id, user_id)
);
