select create_distributed_table('metric_history', 'workspace_id', colocate_with => 'workspace_head');
select create_reference_table('exchange_rate');
