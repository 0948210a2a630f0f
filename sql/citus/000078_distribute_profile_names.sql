select create_distributed_table('profile_name', 'workspace_id', colocate_with => 'workspace_head');
