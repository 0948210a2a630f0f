-- A node that was deleted keeps its row: what it held is told of in the update stream, and its number is given to no other.
alter table node add column archived_at timestamptz;
