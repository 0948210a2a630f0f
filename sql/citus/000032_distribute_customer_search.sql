select create_distributed_table('customer_index', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('customer_count', 'workspace_id', colocate_with => 'workspace_head');
