-- How far retention has come, so that a run that was cut short goes on where it was: by scan and, for events, by type (else 0).
-- Events of a type that happened up to (at, id) are anonymized, if they had come by the seq of the scan of late ones.
create table retention_progress (
  workspace_id integer not null,
  scan text not null,
  type_id integer not null,
  fields text not null,
  at timestamptz,
  id uuid,
  seq bigint,
  primary key (workspace_id, scan, type_id)
);
