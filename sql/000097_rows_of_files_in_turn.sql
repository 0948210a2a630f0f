-- How far a file of rows has come is stored with its rows, so that they need no keys. Rows of files that were in work have some.

alter table bulk_job add column has_row_keys boolean not null default false;

update bulk_job set has_row_keys = true where status in ('LOADED', 'PROCESSING');
