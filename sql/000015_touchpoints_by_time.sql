-- For reading a workspace's touchpoints newest first, whoever's they are.
create index touchpoint_time on touchpoint (workspace_id, occurred_at, id);
