select create_distributed_table('consent_log', 'workspace_id', colocate_with => 'workspace_head');
