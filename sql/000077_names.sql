-- By what somebody is called, people are found (query/people/name-words.ts, of whose expression this is): the words of the names that any
-- API keeps, without case and accents, each behind its workspace's number, so that a beginning of a word is looked for among those of one
-- workspace alone. It follows from the profiles by itself: what is erased there is gone here.
-- Accents are taken off by Unicode's normal forms, which a database has in UTF8 alone; in another this ends the migration.
select normalize('é', nfkd);

create index profile_name on profile using gin (array_to_tsvector(array_remove(string_to_array(regexp_replace(lower(regexp_replace(normalize(
    ' ' || coalesce(left(attributes -> 'firstName' ->> 0, 60), '') || ' ' ||
    coalesce(left(attributes -> 'lastName' ->> 0, 60), '') || ' ' ||
    coalesce(left(attributes -> 'base.firstName' ->> 0, 60), '') || ' ' ||
    coalesce(left(attributes -> 'base.lastName' ->> 0, 60), '') || ' ' ||
    coalesce(left(attributes -> 'name' ->> 0, 60), '') || ' ' ||
    coalesce(left(attributes -> 'fields.name' ->> 0, 60), '') || ' ' ||
    coalesce(left(attributes -> 'fields.full_name' ->> 0, 60), '') || ' ' ||
    coalesce(left(attributes -> 'fields.first_name' ->> 0, 60), '') || ' ' ||
    coalesce(left(attributes -> 'fields.last_name' ->> 0, 60), '') || ' ' ||
    coalesce(left(attributes -> 'fields.firstName' ->> 0, 60), '') || ' ' ||
    coalesce(left(attributes -> 'fields.lastName' ->> 0, 60), '') || ' ' ||
    coalesce(left(attributes -> 'fields.firstname' ->> 0, 60), '') || ' ' ||
    coalesce(left(attributes -> 'fields.lastname' ->> 0, 60), ''), nfkd),
  '[\u0300-\u036f\u064b-\u065f\u0670]', '', 'g')),
  '[\s!-/:-@\[-\x60{-~\u2010-\u2027\u060c\u061b]+', ' ' || workspace_id::text || ':', 'g'), ' '), '')))
  -- Small, so that no batch waits long for what earlier ones have left to be sorted in.
  with (gin_pending_list_limit = 512)
 where attributes ?| array['firstName', 'lastName', 'base.firstName', 'base.lastName', 'name', 'fields.name', 'fields.full_name', 'fields.first_name', 'fields.last_name', 'fields.firstName', 'fields.lastName', 'fields.firstname', 'fields.lastname'];
