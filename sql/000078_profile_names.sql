-- By what somebody is called, people are found: the words of the names that any API keeps, without case and accents, each behind its
-- workspace's number, so that a beginning of a word is looked for among those of one workspace alone. They stand in a table of their own,
-- written where a name changes (core/profile/name-words.ts, whose rule this one is for the profiles that are there), and not in an
-- index over the profiles, which every write of any profile had to take apart.
drop index profile_name;

create table profile_name (
  workspace_id integer not null,
  profile_id uuid not null,
  words tsvector not null,
  primary key (workspace_id, profile_id)
);

insert into profile_name (workspace_id, profile_id, words)
select p.workspace_id, p.id, w.words
  from profile p
 cross join lateral (
   select string_agg(left(a.value ->> 0, 60), ' ') as names from jsonb_each(p.attributes) a
    where a.key in ('firstName', 'lastName', 'base.firstName', 'base.lastName', 'name', 'fields.name', 'fields.full_name', 'fields.first_name', 'fields.last_name', 'fields.firstName', 'fields.lastName', 'fields.firstname', 'fields.lastname')
      and jsonb_typeof(a.value -> 0) = 'string') n
 cross join lateral (
   select array_to_tsvector(array_remove(array_remove(string_to_array(regexp_replace(
     translate(lower(regexp_replace(normalize(' ' || n.names, nfkd), '[\u0300-\u036f\u064b-\u065f\u0670]', '', 'g')), 'ς', 'σ'),
     '[\s\u0085\u1680\u2028\u2029\ufeff!-/:-@\[-\x60{-~\u2010-\u2027\u060c\u061b]+', ' ' || p.workspace_id::text || ':', 'g'), ' '), ''),
     p.workspace_id::text || ':')) as words) w
 where p.attributes ?| array['firstName', 'lastName', 'base.firstName', 'base.lastName', 'name', 'fields.name', 'fields.full_name', 'fields.first_name', 'fields.last_name', 'fields.firstName', 'fields.lastName', 'fields.firstname', 'fields.lastname']
   and length(w.words) > 0;

create index profile_name_words on profile_name using gin (words)
  -- Small, so that no batch waits long for what earlier ones have left to be sorted in.
  with (gin_pending_list_limit = 512);

-- A database whose `lower` knows of ASCII alone has other words than the process makes.
insert into job (workspace_id, id, kind, subject, state, input, revision, done, failed, attempts, requested_by, requested_at, due_at,
                 updated_at)
select h.workspace_id, gen_random_uuid(), 'rebuild', 'profilesNamed', 'waiting', '{}'::json, 0, 0, 0, 0, 'configuration', n.now, n.now, n.now
  from workspace_head h
 cross join (select date_trunc('milliseconds', now()) as now) n
 where lower('É') <> 'é' and exists (select from profile_name p where p.workspace_id = h.workspace_id)
on conflict (workspace_id, kind, subject) where state in ('waiting', 'running')
   do update set revision = job.revision + 1, cursor = null, done = 0, total = null;
