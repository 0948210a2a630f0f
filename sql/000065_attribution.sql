-- What attribution goes by of an arrival, kept beside the detail: that is emptied when a person is anonymized, and credit stays. What is
-- stored is read once: hosts, utm, and whether the page's address said what led to it.
alter table touchpoint add column arrival json;
update touchpoint
   set arrival = json_strip_nulls(json_build_object(
         'pageHost', substring(detail->>'page' from '^https?://(\[[^\]]*\]|[^/:?#]+)'),
         'referrerHost', detail->>'referrerHost',
         'source', detail->'utm'->>'source',
         'medium', detail->'utm'->>'medium',
         'campaign', coalesce(detail->>'cid', detail->'utm'->>'campaign', detail->>'campaignId', detail->>'campaignName'),
         'namesCampaign', coalesce(detail->>'wmktId', detail->>'cid', detail->>'interaction') is not null
                          or coalesce(nullif((detail->'utm')::text, '{}'), nullif((detail->'clickIds')::text, '{}')) is not null))
 where detail->'utm' is not null or detail->>'interaction' is not null;

-- What is counted, and by which rules. number: what rows name it by; given again only when all
-- of them are gone. state: counting (its sums are being made), kept
-- (they are right but for what is due), deleted (its rows are being taken away).
create table attribution_conversion (
  workspace_id integer not null,
  number integer not null,
  id uuid not null,
  name text not null,
  settings json not null,
  state text not null check (state in ('counting', 'kept', 'deleted')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, number),
  unique (workspace_id, id)
);
create unique index attribution_conversion_name on attribution_conversion (workspace_id, name) where state <> 'deleted';

-- The lock of who settles, and the counters that it guards. A workspace has one from its first conversion on. Nobody waits for it who holds
-- the workspace's own head: who settles takes that one last.
create table attribution_head (
  workspace_id integer primary key,
  last_origin integer not null,
  last_step bigint not null
) with (fillfactor = 50);

-- By what the paths of a conversion were counted: each has one of these until it is counted by the next.
create table attribution_rule (
  workspace_id integer not null,
  conversion integer not null,
  revision integer not null,
  timezone text not null,
  settings json not null,
  primary key (workspace_id, conversion, revision)
);

-- What touches can be grouped by, each once. Sums name it by its number, so that it is never deleted.
create table attribution_origin (
  workspace_id integer not null,
  id integer not null,
  dialect text not null,
  channel text not null,
  source_id integer,
  campaign_id uuid,
  ad_id text,
  platform_campaign text,
  utm_source text,
  utm_medium text,
  primary key (workspace_id, id),
  unique nulls not distinct (workspace_id, dialect, channel, source_id, campaign_id, ad_id, platform_campaign, utm_source,
                             utm_medium)
);

-- What is to be looked at anew: an event that may convert, or (event_id all zeros) all paths of a profile's person. Who writes anything that
-- a path may depend on puts another mark here, in the same transaction; who settles deletes the row only if the mark is the one it has read.
create table attribution_due (
  workspace_id integer not null,
  profile_id uuid not null,
  event_id uuid not null,
  mark uuid not null,
  primary key (workspace_id, profile_id, event_id)
);
create index attribution_due_mark on attribution_due (workspace_id, mark);

-- A converting event with its touches that count, oldest first. touch_times: milliseconds since the epoch.
create table attribution_path (
  workspace_id integer not null,
  conversion integer not null,
  revision integer not null,
  event_id uuid not null,
  profile_id uuid not null,
  person_id uuid not null,
  converted_at timestamptz not null,
  value numeric,
  currency text,
  touch_times bigint[] not null,
  touch_origins integer[] not null,
  primary key (workspace_id, event_id, conversion)
);
create index attribution_path_profile on attribution_path (workspace_id, profile_id, converted_at);
create index attribution_path_person on attribution_path (workspace_id, person_id);
create index attribution_path_time on attribution_path (workspace_id, conversion, converted_at, event_id);

-- Sums of the paths by local day, of the conversion (date_of 0) or of the touch (1), and by origin; 0: a conversion without any. Credit is
-- in billionths.
create table attribution_day (
  workspace_id integer not null,
  conversion integer not null,
  date_of smallint not null,
  day date not null,
  origin_id integer not null,
  touches bigint not null,
  credit_first bigint not null,
  credit_last bigint not null,
  credit_last_non_direct bigint not null,
  credit_linear bigint not null,
  credit_position bigint not null,
  credit_time_decay bigint not null,
  value_first numeric not null,
  value_last numeric not null,
  value_last_non_direct numeric not null,
  value_linear numeric not null,
  value_position numeric not null,
  value_time_decay numeric not null,
  primary key (workspace_id, conversion, date_of, day, origin_id)
) with (fillfactor = 50);

-- How many persons have a key of a dimension on a day, by the day before on which they had it (-infinity: none): those of any span are the
-- ones whose day lies in it and whose day before does not.
create table attribution_people (
  workspace_id integer not null,
  conversion integer not null,
  date_of smallint not null,
  dimension smallint not null,
  previous_day date not null,
  day date not null,
  key text not null,
  people bigint not null,
  primary key (workspace_id, conversion, date_of, dimension, previous_day, day, key)
) with (fillfactor = 50);

-- Each settling, and the seq that it has in the order of changes.
create table attribution_step (
  workspace_id integer not null,
  step bigint not null,
  seq bigint not null,
  primary key (workspace_id, step)
);
create unique index attribution_step_seq on attribution_step (workspace_id, seq);

-- What each settling has added to the sums. The sums are the sums of these: a report as of a seq is what they are now less what came after.
-- They name no person and no event, and stay as they are.
create table attribution_entry (
  like attribution_day,
  step bigint not null,
  primary key (workspace_id, conversion, step, date_of, day, origin_id)
);
create table attribution_people_entry (
  like attribution_people,
  step bigint not null,
  primary key (workspace_id, conversion, step, date_of, dimension, previous_day, day, key)
);
