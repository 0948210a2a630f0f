select create_distributed_table('insight_view', 'workspace_id', colocate_with => 'workspace_head');
