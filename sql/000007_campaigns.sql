-- A campaign of an integration (a source). Explicit: made by a call; implicit: appeared from traffic. The slug never changes.
create table campaign (
  workspace_id integer not null,
  id uuid not null,
  source_id integer not null,
  slug text not null,
  name text not null,
  active boolean not null,
  explicit boolean not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id),
  unique (workspace_id, source_id, slug)
);

-- What a campaign cost from starts_at up to, but not at, ends_at.
create table outlay (
  workspace_id integer not null,
  id uuid not null,
  campaign_id uuid not null,
  amount numeric not null,
  currency text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  country text,
  region text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);
create index outlay_campaign on outlay (workspace_id, campaign_id, starts_at);

-- A contact of a profile with the brand, in any dialect: a visit, an offline interaction. event_id: the event that told of it.
create table touchpoint (
  workspace_id integer not null,
  id uuid not null,
  profile_id uuid not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  dialect text not null,
  channel text not null,
  source_id integer,
  campaign_id uuid,
  cost numeric,
  currency text,
  event_id uuid,
  detail json,
  primary key (workspace_id, id)
);
create index touchpoint_profile on touchpoint (workspace_id, profile_id, occurred_at);
create index touchpoint_campaign on touchpoint (workspace_id, campaign_id, occurred_at);
