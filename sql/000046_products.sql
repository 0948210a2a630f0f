-- Products that a Contacthub client's events have named (src/dialects/contacthub/product), by the client's own ids. members: of each of the
-- vendor's properties what was said last; extended: likewise of the workspace's own. What an event has said outlives the event.
create table product (
  workspace_id integer not null,
  id text collate "C" not null,
  members jsonb not null,
  extended jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);
