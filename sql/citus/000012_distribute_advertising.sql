select create_distributed_table('facebook_account', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('ad_account', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('ad_campaign', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('ad', 'workspace_id', colocate_with => 'workspace_head');
select create_distributed_table('ad_day', 'workspace_id', colocate_with => 'workspace_head');
