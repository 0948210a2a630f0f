-- What a page's visitors bring without a key has a budget of its own (docs/security.md): it spends none of what keyed calls may make.
alter table event_type add column keyless boolean not null default false;
alter table campaign add column keyless boolean not null default false;
alter table property add column keyless boolean not null default false;
