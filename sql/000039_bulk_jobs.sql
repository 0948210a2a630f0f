-- Files of rows that a Contacthub client sends at once (src/dialects/contacthub/bulk), and what became of each row. status: UPLOADING
-- until the file is here whole. job_id: the job that reads it. source_id, user_id: whose token brought it, for the log of consents.
-- bytes: the file's length; position: how many of them are read; total, processed and failed count its rows.
create table bulk_job (
  workspace_id integer not null,
  id uuid not null,
  node_id integer not null,
  file_name text not null,
  operation text,
  entity text,
  event_type text,
  columns json,
  source_id uuid,
  user_id uuid,
  status text not null check (status in ('UPLOADING', 'LOADED', 'PROCESSING', 'PROCESSED', 'FAILED')),
  job_id uuid,
  error text,
  bytes bigint not null default 0,
  position bigint not null default 0,
  total bigint not null default 0,
  processed bigint not null default 0,
  failed bigint not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);
create index bulk_job_node on bulk_job (workspace_id, node_id, created_at, id);
create index bulk_job_updated on bulk_job (updated_at);

-- A file in pieces, position being a piece's first byte; gone when the job is over. Pieces live for minutes: packing them costs more
-- than their room.
create table bulk_file (
  workspace_id integer not null,
  bulk_job_id uuid not null,
  position bigint not null,
  bytes bytea not null,
  primary key (workspace_id, bulk_job_id, position)
);
alter table bulk_file alter column bytes set storage external;

-- What became of the rows of one slice, as lines of CSV.
create table bulk_result (
  workspace_id integer not null,
  bulk_job_id uuid not null,
  first_row bigint not null,
  lines text not null,
  primary key (workspace_id, bulk_job_id, first_row)
);
