select create_distributed_table('user_right', 'workspace_id', colocate_with => 'workspace_head');
