-- An origin is looked up by all that it is at once, in which much may be missing: by a hash of that, which an index finds it by.
alter table attribution_origin drop constraint attribution_origin_workspace_id_dialect_channel_source_id_c_key;
alter table attribution_origin add column hash text not null;
alter table attribution_origin add unique (workspace_id, hash);
