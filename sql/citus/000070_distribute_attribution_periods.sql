select create_distributed_table('attribution_period', 'workspace_id', colocate_with => 'workspace_head');
