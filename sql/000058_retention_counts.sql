-- How many events of each type Contacthub's retention has deleted, for the status that the vendor's API shows.
create table contacthub_deleted_events (
  workspace_id integer not null,
  type_id integer not null,
  events bigint not null,
  primary key (workspace_id, type_id)
);
