select create_distributed_table('custom_field', 'workspace_id', colocate_with => 'workspace_head');
