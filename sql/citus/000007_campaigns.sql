select create_distributed_table('campaign', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('outlay', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('touchpoint', 'workspace_id', colocate_with => 'workspace_head');
