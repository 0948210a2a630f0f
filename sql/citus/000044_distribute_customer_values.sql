select create_distributed_table('customer_value', 'workspace_id', colocate_with => 'workspace_head');
