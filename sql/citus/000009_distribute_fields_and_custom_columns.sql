select create_distributed_table('field', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('custom_column', 'workspace_id', colocate_with => 'workspace_head');
