select create_distributed_table('rollup_day_metric_origin', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('analytics_day', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('visit', 'workspace_id', colocate_with => 'workspace_head');
