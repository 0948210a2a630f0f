-- Every tenant table goes by workspace, co-located, so that a batch is one shard's affair and commits there alone. The few
-- tables that name workspaces are on every node; the engine never writes them on the way of an event.
select create_reference_table('workspace');
select create_reference_table('dialect_binding');
select create_reference_table('credential');
select create_reference_table('account');

select create_distributed_table('workspace_head', 'workspace_id');
select create_distributed_table('node', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('source', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('event_type', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('event_type_version', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('profile', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('identity', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('link', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('profile_state', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('event', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('metric', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('change', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('dedupe_forever', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('dedupe_window', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('quarantine', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('accounting', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('rollup_quarter_hour', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('rollup_day', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('rollup_day_origin', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('property', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('attribute_lock', 'workspace_id', colocate_with => 'workspace_head');
