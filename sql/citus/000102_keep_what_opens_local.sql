-- By what a workspace is opened and found, the coordinator's alone: a copy on every node would take no new key while one of them is away.
-- They are in the cluster's metadata, so that a change of theirs and of a workspace's rows is one commit on both nodes.
alter table credential drop constraint credential_workspace_id_fkey;
alter table account drop constraint account_workspace_id_fkey;
alter table dialect_binding drop constraint dialect_binding_workspace_id_fkey;
select undistribute_table('credential');
select undistribute_table('account');
select undistribute_table('dialect_binding');
select citus_add_local_table_to_metadata('credential');
select citus_add_local_table_to_metadata('account');
select citus_add_local_table_to_metadata('dialect_binding');
alter table credential add constraint credential_workspace_id_fkey foreign key (workspace_id) references workspace (id);
alter table account add constraint account_workspace_id_fkey foreign key (workspace_id) references workspace (id);
alter table dialect_binding add constraint dialect_binding_workspace_id_fkey foreign key (workspace_id) references workspace (id);
