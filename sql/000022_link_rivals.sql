-- The profiles that a link gives way to: with one of them in its first profile's record, it does not count (core/link).
alter table link add column rivals uuid[] not null default '{}';
