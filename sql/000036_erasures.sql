-- Persons who were forgotten: who asked and when, whose profiles they were (ids alone), and the signed receipt once all is done. key_id: of
-- the key in the data folder by which the tombstones are made. counts: of what was done with the person in one go, before the job.
create table erasure (
  workspace_id integer not null,
  id uuid not null,
  person_id uuid not null,
  profile_ids uuid[] not null,
  key_id text not null,
  job_id uuid not null,
  requested_by text not null,
  requested_at timestamptz not null,
  counts json not null,
  finished_at timestamptz,
  receipt text,
  signature text,
  primary key (workspace_id, id)
);
create index erasure_time on erasure (workspace_id, requested_at, id);

-- Keys of persons who were forgotten, hashed with a key that is not in the database: what comes for one of them is dropped.
create table tombstone (
  workspace_id integer not null,
  hash bytea not null,
  erasure_id uuid not null,
  primary key (workspace_id, hash)
);
create index tombstone_erasure on tombstone (workspace_id, erasure_id);
