-- What is due is written once and read in order: a row has what one write has marked, up to some dozens of events and persons. Of persons,
-- touched_at says when they were touched, in milliseconds since the epoch; null: whatever of theirs is other.
create temporary table former_due on commit drop as select workspace_id, profile_id, event_id, mark from attribution_due;
delete from attribution_due;
alter table attribution_due drop constraint attribution_due_pkey;
drop index attribution_due_mark;
alter table attribution_due drop column profile_id, drop column event_id;
alter table attribution_due
  add column event_ids uuid[] not null,
  add column profile_ids uuid[] not null,
  add column touched_at bigint[] not null,
  add primary key (workspace_id, mark);
insert into attribution_due (workspace_id, mark, event_ids, profile_ids, touched_at)
select workspace_id, mark,
       coalesce(array_agg(event_id) filter (where event_id <> '00000000-0000-0000-0000-000000000000'), '{}'),
       coalesce(array_agg(profile_id) filter (where event_id = '00000000-0000-0000-0000-000000000000'), '{}'),
       coalesce(array_agg(null::bigint) filter (where event_id = '00000000-0000-0000-0000-000000000000'), '{}')
  from former_due group by workspace_id, mark;

-- From which seq up to which (null: still) the sums of a conversion were kept by which settings: as of a seq of that time they are answered by
-- those. is_money: what its values were of when it ended.
create table attribution_period (
  workspace_id integer not null,
  conversion integer not null,
  since_seq bigint not null,
  until_seq bigint,
  settings json not null,
  timezone text not null,
  currency text not null,
  is_money boolean,
  primary key (workspace_id, conversion, since_seq)
);
-- Of settings before, no seq was kept: where they were changed, what is kept since is answered.
insert into attribution_period (workspace_id, conversion, since_seq, settings, timezone, currency)
select c.workspace_id, c.number,
       case when (select count(*) from attribution_rule r where r.workspace_id = c.workspace_id and r.conversion = c.number) > 1
            then coalesce((select max(g.seq) from change g where g.workspace_id = c.workspace_id and g.changed_at <= c.updated_at), 0)
            else 0 end,
       c.settings, w.timezone, w.currency
  from attribution_conversion c
  join workspace w on w.id = c.workspace_id
 where c.state = 'kept';
