/** Where the records of a node come from, and their events. */
export interface RecordSource {
  /** SQL of rows like profile's: of known profiles, of which one names each record. */
  readonly profiles: string;
  /** SQL of the version of the record that the profile `p` names, as a list of one. */
  readonly version: string;
  /** SQL of the profiles `m` that events of the record `c.record_id` came to. */
  readonly members: string;
  /** SQL of rows (profile_id, record_id): which record events of a profile are of. */
  readonly owners: string;
}

/** An entry node: profiles that links make one. */
export const entryRecords: RecordSource = {
  profiles: 'profile',
  version: `(select jsonb_build_array(sum(m.version) + 1 - count(*)) from profile m
              where m.workspace_id = $1 and m.record_id = p.id and not m.anonymous and m.deleted_at is null)`,
  members: `(select m.id from profile m where m.workspace_id = $1 and m.record_id = c.record_id)`,
  owners: '(select id as profile_id, record_id from profile where workspace_id = $1)',
};

/** An aggregate: each of its customers is a row, made of its parts, whose events are its own. A part is named by the profile that names its record. */
export const aggregateRecords: RecordSource = {
  profiles: `(select workspace_id, id, node_id, false as anonymous, created_seq, id as record_id, id as person_id, attributes, version,
                     created_at, updated_at, null::timestamptz as deleted_at, null::timestamptz as forgotten_at
                from aggregate_customer where workspace_id = $1)`,
  version: 'jsonb_build_array(p.version)',
  members: `(select m.id from aggregate_customer s
               join aggregate_part a on a.workspace_id = $1 and a.alike = s.alike and a.profile_id = a.record_id
               join profile m on m.workspace_id = $1 and m.record_id = a.record_id
              where s.workspace_id = $1 and s.id = c.record_id)`,
  owners: `(select m.id as profile_id, s.id as record_id
              from profile m
              join aggregate_part a on a.workspace_id = $1 and a.profile_id = m.record_id and a.node_id = $2
              join aggregate_customer s on s.workspace_id = $1 and s.alike = a.alike
             where m.workspace_id = $1)`,
};

/** By the kind of the node. */
export const recordSources = { entry: entryRecords, aggregate: aggregateRecords } as const;
