select create_distributed_table('aggregate_part', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('aggregate_customer', 'workspace_id', colocate_with => 'workspace_head');
