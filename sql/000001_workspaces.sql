-- The few tables that every process reads and no event writes. On a distributed backend they are reference tables.

create table workspace (
  id integer primary key,
  public_id uuid not null unique,
  slug text not null unique,
  name text not null,
  timezone text not null,
  currency text not null,
  settings jsonb not null,
  created_at timestamptz not null
);

-- What a workspace is called in a dialect: licence code, project id, client id ... One name maps to one workspace.
create table dialect_binding (
  dialect text not null,
  kind text not null,
  external_id text not null,
  workspace_id integer not null references workspace (id),
  settings jsonb not null default '{}',
  primary key (dialect, kind, external_id)
);

-- Keys and tokens of every dialect, by the SHA-256 of the secret. An administrator's key has no workspace.
create table credential (
  secret_hash bytea primary key,
  id uuid not null unique,
  workspace_id integer references workspace (id),
  dialect text not null,
  role text not null,
  name text not null,
  settings jsonb not null default '{}',
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz
);

-- Who signs in with a name and a password (hashed with scrypt) or with a signed assertion (public key).
create table account (
  dialect text not null,
  name text not null,
  id uuid not null unique,
  workspace_id integer not null references workspace (id),
  password_hash text,
  public_key text,
  settings jsonb not null default '{}',
  created_at timestamptz not null,
  primary key (dialect, name)
);
