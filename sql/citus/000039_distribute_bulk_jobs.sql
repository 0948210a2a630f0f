select create_distributed_table('bulk_job', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('bulk_file', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('bulk_result', 'workspace_id', colocate_with => 'workspace_head');
