-- Events have no primary key, which the way of an event would pay for: a table is moved between machines, or followed by another database,
-- row by row only where its rows can be told apart.
alter table event replica identity using index event_id;
