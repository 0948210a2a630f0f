-- Long work of a workspace, done in slices by whatever process has claimed it (src/jobs). subject: what of its kind it is about, ''
-- where there is one alone; of a kind and subject one job is open at a time. input: what was asked for; cursor: how far it has come,
-- in the kind's own form; revision: how often it was asked for anew while it was open. claimed_until: the process that claimed it is taken for dead after that. attempts: how often it failed in
-- a row; due_at: not before then.
create table job (
  workspace_id integer not null,
  id uuid not null,
  kind text not null,
  subject text not null,
  state text not null check (state in ('waiting', 'running', 'finished', 'failed')),
  input json not null,
  revision integer not null,
  cursor json,
  done bigint not null,
  failed bigint not null,
  total bigint,
  result json,
  error text,
  attempts integer not null,
  requested_by text not null,
  requested_at timestamptz not null,
  due_at timestamptz not null,
  started_at timestamptz,
  updated_at timestamptz not null,
  finished_at timestamptz,
  claimed_by uuid,
  claimed_until timestamptz,
  primary key (workspace_id, id)
);
create unique index job_open on job (workspace_id, kind, subject) where state in ('waiting', 'running');
create index job_due on job (due_at) where state in ('waiting', 'running');
create index job_recent on job (workspace_id, requested_at, id);
