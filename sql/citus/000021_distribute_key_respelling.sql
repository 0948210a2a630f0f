select create_distributed_table('key_respelling', 'workspace_id', colocate_with => 'workspace_head');
