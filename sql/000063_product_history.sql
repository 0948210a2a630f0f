-- Past events fill the registry of products, too, once their type is set to update it (src/dialects/contacthub/product). said_at: by member,
-- an extended one as extended.<name>, the seq of what has said it last; a member that is missing there was said last of all.
alter table product add column said_at jsonb not null default '{}';

-- Up to which seq the registry has what events of a type have said, where the type does not update it any more.
create table product_event_type (
  workspace_id integer not null,
  type text not null,
  taken_until bigint not null,
  primary key (workspace_id, type)
);
