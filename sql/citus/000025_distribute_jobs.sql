select create_distributed_table('job', 'workspace_id', colocate_with => 'workspace_head');
