-- What the stored messages and external events of Signals' leads give (core/conversation). Disposable: throughline verify compares
-- it with the facts, and a rebuild makes it anew.

-- The vendor's events: one message raises several, numbered by ordinal. event_id: the stored message. ad_id is null for a standalone
-- conversation and for a post, which referral_source_id names.
create table conversation_event (
  workspace_id integer not null,
  source_id integer not null,
  occurred_at timestamptz not null,
  event_id uuid not null,
  ordinal smallint not null,
  profile_id uuid not null,
  message_id text collate "C" not null,
  phone text not null,
  type text not null,
  type_id text not null,
  type_value text,
  ad_id text,
  conversation_id text not null,
  expires_at timestamptz not null,
  referral_source_id text,
  origin text not null,
  primary key (workspace_id, source_id, occurred_at, event_id, ordinal)
);
create index conversation_event_profile on conversation_event (workspace_id, profile_id);

-- External events with a revenue, and the conversation that each is attributed to; source_id null: to none, and no app was named.
create table conversation_sale (
  workspace_id integer not null,
  event_id uuid not null,
  profile_id uuid not null,
  occurred_at timestamptz not null,
  source_id integer,
  ad_id text,
  conversation_id text,
  currency text not null,
  amount numeric not null,
  primary key (workspace_id, event_id)
);
create index conversation_sale_profile on conversation_sale (workspace_id, profile_id);
create index conversation_sale_time on conversation_sale (workspace_id, source_id, occurred_at);

-- Counts by UTC day, and on the day -infinity of all days together. source_id 0: no app; ad_id '': no ad. core/conversation/day-measures.ts says what the measures are.
create table conversation_day (
  workspace_id integer not null,
  source_id integer not null,
  ad_id text not null,
  day date not null,
  measure text not null,
  type_id text not null default '',
  type_value text not null default '',
  total bigint not null,
  sum numeric not null default 0,
  primary key (workspace_id, source_id, ad_id, day, measure, type_id, type_value)
) with (fillfactor = 50);

-- A recount of leads after a change of the rules, and how far it has come. campaign_ids null: all leads. cursor: the last profile
-- that is done.
create table conversation_recount (
  workspace_id integer not null,
  campaign_ids jsonb,
  cursor uuid,
  total bigint not null,
  done bigint not null,
  requested_at timestamptz not null,
  updated_at timestamptz not null,
  finished_at timestamptz,
  primary key (workspace_id)
);
