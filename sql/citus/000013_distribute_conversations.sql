select create_distributed_table('conversation_event', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('conversation_sale', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('conversation_day', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('conversation_recount', 'workspace_id', colocate_with => 'workspace_head');
