select create_distributed_table('product_event_type', 'workspace_id', colocate_with => 'workspace_head');
