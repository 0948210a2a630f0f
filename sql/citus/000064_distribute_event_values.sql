select create_distributed_table('event_value', 'workspace_id', colocate_with => 'workspace_head');
