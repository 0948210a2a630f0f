-- What customers are searched by, a row for each record (dialects/contacthub/projection). All of it follows from the profiles.
create table customer_index (
  workspace_id integer not null,
  record_id uuid not null,
  node_id integer not null,
  registered_at timestamptz not null,
  updated_at timestamptz not null,
  -- Whether the record has more than one known profile.
  merged boolean not null,
  external_id text collate "C",
  email text collate "C",
  phone text collate "C",
  mobile_phone text collate "C",
  first_name text collate "C",
  last_name text collate "C",
  city text collate "C",
  country text collate "C",
  dob text collate "C",
  -- Numbers that stand for "this attribute has this value" and "this attribute has a value".
  terms bigint[] not null,
  primary key (workspace_id, record_id)
);

-- For the customers that are there (as of this version: a rebuild makes them anew by the rule of its own).
insert into customer_index (workspace_id, record_id, node_id, registered_at, updated_at, merged, external_id, email, phone, mobile_phone, first_name, last_name, city, country, dob, terms)
    select p.workspace_id, p.id as record_id, p.node_id, p.created_at as registered_at, k.updated_at, k.merged,
           s.attributes #>> '{externalId,0}' as external_id, s.attributes #>> '{base.contacts.email,0}' as email, s.attributes #>> '{base.contacts.phone,0}' as phone, s.attributes #>> '{base.contacts.mobilePhone,0}' as mobile_phone, s.attributes #>> '{base.firstName,0}' as first_name, s.attributes #>> '{base.lastName,0}' as last_name, s.attributes #>> '{base.address.city,0}' as city, s.attributes #>> '{base.address.country,0}' as country, s.attributes #>> '{base.dob,0}' as dob, array(
  select unnest(case
           when t.path = any(array['externalId', 'base.contacts.email', 'base.contacts.phone', 'base.contacts.mobilePhone', 'base.firstName', 'base.lastName', 'base.address.city', 'base.address.country', 'base.dob']) then array[hashtextextended(t.path || '=' || case jsonb_typeof(t.value) when 'number' then trim_scale((t.value)::numeric)::text else (t.value)::text end, ((p.workspace_id::bigint << 32) | p.node_id))]
           when jsonb_typeof(t.value) in ('string', 'number', 'boolean') then array[hashtextextended(t.path || '=' || case jsonb_typeof(t.value) when 'number' then trim_scale((t.value)::numeric)::text else (t.value)::text end, ((p.workspace_id::bigint << 32) | p.node_id)), hashtextextended(t.path, ((p.workspace_id::bigint << 32) | p.node_id))]
           else array[hashtextextended(t.path, ((p.workspace_id::bigint << 32) | p.node_id))]
         end)
    from (
      select a.key as path, v.value
        from jsonb_each('{"enabled":[true]}'::jsonb || s.attributes) a
       cross join lateral (
         select a.value -> 0 as value where jsonb_typeof(a.value -> 0) <> 'array'
         union all select e.value from jsonb_array_elements(case when jsonb_typeof(a.value -> 0) = 'array' then a.value -> 0 else '[]' end) e
       ) v
       where a.key <> all(array['extra', 'base.pictureUrl', 'base.credential.password', 'sourceInfo.registeredBy', 'sourceInfo.updatedBy'])
      union all
      select 'base.subscriptions.' || m.key, m.value
        from jsonb_array_elements(case when jsonb_typeof(s.attributes -> 'base.subscriptions' -> 0) = 'array' then s.attributes -> 'base.subscriptions' -> 0 else '[]' end) e
       cross join lateral jsonb_each(case when jsonb_typeof(e.value) = 'object' then e.value else '{}' end) m
       where m.key = any(array['id', 'name', 'type', 'kind', 'subscribed'])
    ) t
   where jsonb_typeof(t.value) <> 'null'
   order by 1) as terms
      from (select workspace_id, id, node_id, record_id, anonymous, attributes, created_at, deleted_at from profile ) p
     cross join lateral (
       select max(m.updated_at) as updated_at, count(*) > 1 as merged from profile m
        where m.workspace_id = p.workspace_id and m.record_id = p.id and not m.anonymous and m.deleted_at is null
     ) k
     cross join lateral (select (case when k.merged then (
    select jsonb_object_agg(latest.key, latest.value) from (
      select distinct on (a.key) a.key, a.value
        from profile m cross join lateral jsonb_each(m.attributes) a
       where m.workspace_id = p.workspace_id and m.record_id = p.id and not m.anonymous and m.deleted_at is null
       order by a.key, (a.value ->> 1)::bigint desc
    ) latest
  ) else p.attributes end) as attributes offset 0) s
     where p.record_id = p.id and not p.anonymous and p.deleted_at is null
       and exists (
         select from node n where n.workspace_id = p.workspace_id and n.id = p.node_id and n.dialect = 'contacthub');

-- The node first: while the table is small or grows fast, the planner would else look one record up by any of these.
create index customer_index_updated on customer_index (node_id, workspace_id, updated_at desc, record_id);
create index customer_index_registered on customer_index (node_id, workspace_id, registered_at);
create index customer_index_email on customer_index (node_id, workspace_id, email);
create index customer_index_last_name on customer_index (node_id, workspace_id, last_name);
create index customer_index_first_name on customer_index (node_id, workspace_id, first_name);
create index customer_index_dob on customer_index (node_id, workspace_id, dob);
create index customer_index_terms on customer_index using gin (terms);

-- How many customers a node has: exact counts of a million rows take too long to make with each page.
create table customer_count (
  workspace_id integer not null,
  node_id integer not null,
  total bigint not null,
  primary key (workspace_id, node_id)
) with (fillfactor = 50);
insert into customer_count (workspace_id, node_id, total)
select workspace_id, node_id, count(*) from customer_index group by workspace_id, node_id;
