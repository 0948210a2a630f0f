-- A Facebook account of the client, with the token that Meta's Marketing API is asked by. The token is needed as it is, like a
-- webhook's secret; nothing shows or logs it. token_state: unset, valid (nothing is known against it), rejected (Meta refused it).
create table facebook_account (
  workspace_id integer not null,
  id text not null,
  email text,
  access_token text,
  token_state text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);

-- id: digits without act_. No Facebook account: given by hand, and its numbers are imported. Days of ad_day are days in timezone.
-- refresh_state: never, ok, or why the last refresh failed; refreshed_at: when one last succeeded. next_refresh_at: when the daily
-- job takes it; claimed_until: a process has taken it. backfilled_from: the oldest day that was asked for; what lies before is not
-- known. resume_from: where a refresh that was cut off goes on.
create table ad_account (
  workspace_id integer not null,
  id text not null,
  facebook_account_id text,
  name text,
  currency text,
  timezone text,
  refresh_state text not null,
  refresh_error text,
  refreshed_at timestamptz,
  attempted_at timestamptz,
  next_refresh_at timestamptz,
  claimed_until timestamptz,
  backfilled_from date,
  resume_from date,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);
create index ad_account_due on ad_account (next_refresh_at) where next_refresh_at is not null;

create table ad_campaign (
  workspace_id integer not null,
  id text not null,
  ad_account_id text,
  name text,
  status text,
  start_time timestamptz,
  stop_time timestamptz,
  page_id text,
  page_name text,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);
create index ad_campaign_account on ad_campaign (workspace_id, ad_account_id, id);

-- An ad that only a message's referral has told of has the status UNKNOWN and nothing else. created_time, updated_time: the
-- vendor's; updated_at: when the row was last written.
create table ad (
  workspace_id integer not null,
  id text not null,
  ad_account_id text,
  campaign_id text,
  ad_set_id text,
  ad_set_name text,
  ad_set_status text,
  page_id text,
  page_name text,
  name text,
  status text not null,
  created_time timestamptz,
  updated_time timestamptz,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);
create index ad_of_account on ad (workspace_id, ad_account_id, id);
create index ad_of_campaign on ad (workspace_id, campaign_id, id);

-- What Meta last told of an ad's day, in the ad account's time zone and currency.
create table ad_day (
  workspace_id integer not null,
  ad_id text not null,
  day date not null,
  clicks bigint not null,
  impressions bigint not null,
  spend numeric not null,
  updated_at timestamptz not null,
  primary key (workspace_id, ad_id, day)
);
