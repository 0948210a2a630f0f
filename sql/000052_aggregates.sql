-- Customers of Contacthub's aggregate nodes (src/dialects/contacthub/aggregate). All of it follows from the records of entry nodes and from
-- the settings of the aggregate.

-- Which records of entry nodes are which customer of an aggregate. created_seq: the record's, so that the oldest parts come first.
create table aggregate_part (
  workspace_id integer not null,
  record_id uuid not null,
  node_id integer not null,
  customer_id uuid not null,
  created_seq bigint not null,
  primary key (workspace_id, record_id, node_id)
);
create index aggregate_part_customer on aggregate_part (workspace_id, customer_id, created_seq);

-- What a customer shows, made of its parts. attributes: as a profile's, {"path": [value, seq of the write]}.
create table aggregate_customer (
  workspace_id integer not null,
  id uuid not null,
  node_id integer not null,
  created_seq bigint not null,
  attributes jsonb not null,
  version bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);
create index aggregate_customer_node on aggregate_customer (workspace_id, node_id, id);
