select create_distributed_table('product', 'workspace_id', colocate_with => 'workspace_head');
