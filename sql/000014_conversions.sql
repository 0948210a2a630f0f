-- The main conversion of a campaign (core/conversion). type_value decides before type_id where both were given.
create table conversion (
  workspace_id integer not null,
  campaign_id text not null,
  type text not null,
  type_value text,
  type_id text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, campaign_id)
);

-- An event that is looked for in the messages to all numbers of the client. ad_id, campaign_id null: whichever. archived_at: messages
-- sent from then on are not counted.
create table event_group (
  workspace_id integer not null,
  id text not null,
  type text not null,
  type_value text,
  ad_id text,
  campaign_id text,
  status text not null,
  archived_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);

-- For the figures of event groups: by type_id, which is that of an app, a type and a value, or by type alone.
create index conversation_event_type on conversation_event (workspace_id, type, type_id, occurred_at);
