-- How many bad events wait of each API, rule and type ('': none is known), kept up with each batch: a million of them are not counted for
-- who looks. What waits is paged by time, of a group and of all, by indexes that hold nothing of what was replayed. A type is one of a
-- name's length; one that is longer, of before that was so, would not fit into an index.
update quarantine set type = left(type, 255) where length(type) > 255;
create table quarantine_group (
  workspace_id integer not null,
  dialect text not null,
  rule text not null,
  type text not null,
  events bigint not null,
  primary key (workspace_id, dialect, rule, type)
) with (fillfactor = 50);
insert into quarantine_group
  select workspace_id, dialect, rule, coalesce(type, ''), count(*) from quarantine
   where replayed_at is null group by workspace_id, dialect, rule, coalesce(type, '');
create index quarantine_of_group on quarantine (workspace_id, dialect, rule, coalesce(type, ''), processed_at, id) where replayed_at is null;
create index quarantine_waiting on quarantine (workspace_id, processed_at, id) where replayed_at is null;
