-- All that opens something in one table, so that it is listed, revoked and rotated in one way: keys, what is made from them or by
-- signing in, passwords, service accounts' keys, the secrets of apps.
alter table credential drop constraint credential_pkey;
alter table credential drop constraint credential_id_key;
alter table credential add constraint credential_pkey primary key (id);
alter table credential alter column secret_hash drop not null;
alter table credential add column kind text not null default 'key';
-- The credential that it was made from, and ends with.
alter table credential add column made_from uuid;
-- Who shows it: an account's name, an app's id. Null where it is found by its hash alone.
alter table credential add column subject text;
-- What it is checked by where it is not found by its hash: a password's scrypt hash, a public key (PEM), or, since an HMAC takes the
-- secret itself, the app's secret.
alter table credential add column verifier text;
alter table credential add column last_used_at timestamptz;
create unique index credential_secret_hash on credential (secret_hash);
create index credential_newest on credential (workspace_id, created_at, id);
create index credential_subject on credential (dialect, kind, subject) where subject is not null;

update credential
   set kind = case when dialect <> 'webmarketer' then 'session'
                   when role = 'refresh-token' then 'refresh-token'
                   else 'access-token' end
 where expires_at is not null and workspace_id is not null;

-- Ids are made of what is there, and not by chance: each copy of a table that is on several servers makes its own.
insert into credential (id, workspace_id, dialect, kind, role, name, subject, verifier, settings, created_at)
select id, workspace_id, dialect, 'service-account-key', 'service-account', name, name, public_key,
       jsonb_build_object('privateKeyId', settings -> 'privateKeyId'), created_at
  from account where public_key is not null;
insert into credential (id, workspace_id, dialect, kind, role, name, subject, verifier, created_at)
select case when public_key is null then id else md5('password ' || id)::uuid end, workspace_id, dialect, 'password',
       case dialect when 'octeth' then 'user' when 'signals' then 'hub-token' else 'service-account' end,
       name, name, password_hash, created_at
  from account where password_hash is not null;

update credential set made_from = (settings ->> 'madeFrom')::uuid, settings = settings - 'madeFrom' where settings ? 'madeFrom';
update credential token
   set made_from = secret.id, settings = token.settings - 'clientId'
  from credential secret
 where token.kind in ('session', 'access-token', 'refresh-token') and token.made_from is null
   and secret.kind in ('password', 'service-account-key')
   and secret.dialect = token.dialect and secret.workspace_id = token.workspace_id
   and token.name in (secret.subject, 'session of ' || secret.subject);

insert into credential (id, workspace_id, dialect, kind, role, name, subject, verifier, created_at)
select md5('app-secret ' || b.external_id)::uuid, b.workspace_id, 'signals', 'app-secret', 'webhook', 'app ' || b.external_id,
       b.external_id, b.settings ->> 'appSecret', w.created_at
  from dialect_binding b join workspace w on w.id = b.workspace_id
 where b.dialect = 'signals' and b.kind = 'app' and b.settings ->> 'appSecret' <> '';
insert into credential (id, workspace_id, dialect, kind, role, name, subject, verifier, created_at)
select md5('verify-token ' || b.external_id)::uuid, b.workspace_id, 'signals', 'verify-token', 'webhook', 'app ' || b.external_id,
       b.external_id, encode(sha256(convert_to(b.settings ->> 'verifyToken', 'UTF8')), 'hex'), w.created_at
  from dialect_binding b join workspace w on w.id = b.workspace_id
 where b.dialect = 'signals' and b.kind = 'app' and b.settings ->> 'verifyToken' <> '';

update dialect_binding set settings = settings - 'appSecret' - 'verifyToken' where dialect = 'signals' and kind = 'app';
update account set settings = settings - 'privateKeyId';
alter table account drop column password_hash;
alter table account drop column public_key;
