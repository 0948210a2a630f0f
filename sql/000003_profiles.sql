-- A profile is one vendor's record. record_id and person_id are derived from the links (core/link).
-- attributes: {"path": [value, seq of the write]}.
create table profile (
  workspace_id integer not null,
  id uuid not null,
  node_id integer not null,
  anonymous boolean not null,
  created_seq bigint not null,
  record_id uuid not null,
  person_id uuid not null,
  attributes jsonb not null,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);
create index profile_record on profile (workspace_id, record_id);
create index profile_person on profile (workspace_id, person_id);
create index profile_node on profile (workspace_id, node_id, updated_at desc);
create unique index profile_created on profile (workspace_id, created_seq);

-- A key of a profile. Never rewritten: who merged with whom is the links' affair.
create table identity (
  workspace_id integer not null,
  kind smallint not null,
  value text not null,
  node_id integer not null,
  profile_id uuid not null,
  created_seq bigint not null,
  primary key (workspace_id, kind, value, node_id, profile_id)
);
create index identity_profile on identity (workspace_id, profile_id);

-- Evidence that two profiles are one. An undone link stays, as a veto against the same evidence.
create table link (
  workspace_id integer not null,
  id uuid not null,
  first_profile uuid not null,
  second_profile uuid not null,
  scope text not null,
  origin text not null,
  evidence text not null,
  exclusive boolean not null,
  created_seq bigint not null,
  created_at timestamptz not null,
  undone_seq bigint,
  undone_at timestamptz,
  primary key (workspace_id, id),
  unique (workspace_id, first_profile, second_profile, scope, evidence)
);
create index link_second on link (workspace_id, second_profile);

-- What a dialect has to remember of a profile between two events (an open WhatsApp conversation); no part of the record.
create table profile_state (
  workspace_id integer not null,
  profile_id uuid not null,
  name text not null,
  value json not null,
  primary key (workspace_id, profile_id, name)
) with (fillfactor = 80);
