-- Of which node a change is, and of a deletion what a follower has to be told that can't be read any more: ids, nothing personal.
alter table change
  add column node_id integer,
  add column data jsonb;

-- A deleted profile stays as its id and the time, in no search and under no key; a forgotten one is one, for good.
alter table profile
  add column deleted_at timestamptz,
  add column forgotten_at timestamptz,
  add constraint forgotten_is_deleted check (forgotten_at is null or deleted_at is not null) not valid;
