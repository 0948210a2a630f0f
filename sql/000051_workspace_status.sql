-- What a workspace takes part in: enabled, suspended (it takes nothing in), disabled (its keys open nothing), or deleting, until all of it
-- is gone.
alter table workspace add column status text not null default 'enabled';

-- The workspaces that were deleted: their numbers are not given again, since processes and backups may still know them. `counts`: the
-- rows that went, by table.
create table deleted_workspace (
  id integer primary key,
  public_id uuid not null unique,
  requested_by text not null,
  deleted_at timestamptz not null,
  counts json not null
);
