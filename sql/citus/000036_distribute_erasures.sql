select create_distributed_table('erasure', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('tombstone', 'workspace_id', colocate_with => 'workspace_head');
