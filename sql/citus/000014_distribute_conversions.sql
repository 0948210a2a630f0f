select create_distributed_table('conversion', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('event_group', 'workspace_id', colocate_with => 'workspace_head');
