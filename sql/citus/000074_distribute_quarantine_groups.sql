select create_distributed_table('quarantine_group', 'workspace_id', colocate_with => 'workspace_head');
