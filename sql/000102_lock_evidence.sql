-- What tells later how the transaction ended that locks a workspace's head: its number, and in which life of the server that is. It is called by
-- what the lock's update returns, where Citus lets only immutable functions stand, and runs on the machine that has the row. It is none: what
-- it is handed is the row's, so that it is called for each row and never reckoned beforehand.
create function lock_evidence(seq bigint) returns text immutable language plpgsql as $$
begin
  return pg_current_xact_id() || ' ' || coalesce(pg_stat_get_bgwriter_stat_reset_time()::text, '');
end
$$;
