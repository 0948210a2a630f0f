select create_distributed_table('retention_progress', 'workspace_id', colocate_with => 'workspace_head');
