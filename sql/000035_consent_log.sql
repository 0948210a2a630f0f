-- What persons agreed to, and what was asked for in their name: a row for each change, in the commit that made it. Rows are only added;
-- erasing a person is all that takes any away.
create table consent_log (
  workspace_id integer not null,
  id bigint not null,
  profile_id uuid not null,
  node_id integer not null,
  act text not null,
  property text,
  value text,
  source_id uuid,
  user_id uuid,
  logged_at timestamptz not null,
  primary key (workspace_id, id)
);
create index consent_log_time on consent_log (workspace_id, logged_at, id);
create index consent_log_profile on consent_log (workspace_id, profile_id, logged_at, id);
create index consent_log_act on consent_log (workspace_id, act, logged_at, id);
create index consent_log_property on consent_log (workspace_id, property, logged_at, id);

alter table workspace_head add column last_consent_id bigint not null default 0;
