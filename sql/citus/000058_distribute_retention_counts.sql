select create_distributed_table('contacthub_deleted_events', 'workspace_id', colocate_with => 'workspace_head');
