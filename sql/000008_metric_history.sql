-- False: an amount whose exchange rate is not known, or the delay of a state that was taken back. It is kept, and counts nothing.
alter table metric add column counted boolean not null default true;

-- What a metric was before it was set to something else. seq: of the change that took its place.
create table metric_history (
  workspace_id integer not null,
  event_id uuid not null,
  key text not null,
  seq bigint not null,
  value numeric not null,
  currency text,
  raw json not null,
  counted boolean not null,
  occurred_at timestamptz not null,
  set_at timestamptz not null,
  primary key (workspace_id, event_id, key, seq)
);

-- How many units of a currency were worth one euro on a day (the European Central Bank's form). Of no workspace.
create table exchange_rate (
  currency text not null,
  day date not null,
  per_euro numeric not null,
  primary key (currency, day)
);
