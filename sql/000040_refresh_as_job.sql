-- The refresh of an ad account is a job like others (000025): who has it and how far it is stands there. One that was cut off begins anew.
alter table ad_account drop column claimed_until, drop column resume_from;
-- Where a run of retention is stands in its job: these scans are begun anew by each.
delete from retention_progress where scan in ('trash', 'users', 'finished');
