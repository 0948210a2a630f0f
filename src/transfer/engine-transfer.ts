import { kindOf, type Transfer } from './kinds.ts';

const rollupsAreCounts = 'counts, which follow from events and metrics';

/** What the engine keeps of a workspace. Numbers of nodes, sources and types are the workspace's own, and stay what they are. */
export const engineTransfer: Transfer = {
  kinds: [
    kindOf('node', 'node', 'id', 'id publicId dialect kind name isDefault settings createdAt archivedAt'),
    kindOf(
      'source',
      'source',
      'id',
      'id publicId dialect kind externalId name nodeId settings createdAt archivedAt',
    ),
    kindOf(
      'eventType',
      'event_type',
      'id',
      'id publicId dialect name version definition createdAt updatedAt archivedAt keyless',
    ),
    kindOf(
      'eventTypeVersion',
      'event_type_version',
      'type_id, version',
      'typeId version definition createdAt',
    ),
    kindOf('attributeLock', 'attribute_lock', 'type_id, name', 'typeId name dataType'),
    kindOf(
      'property',
      'property',
      'type_id, source_id, name, data_type',
      'typeId sourceId name dataType keyless',
    ),
    kindOf('campaign', 'campaign', 'id', 'id sourceId slug name active explicit createdAt updatedAt keyless'),
    kindOf('insightView', 'insight_view', 'id', 'id name question createdAt updatedAt'),
    kindOf('retentionProgress', 'retention_progress', 'scan, type_id', 'scan typeId fields at id seq'),
    kindOf('exchangeRate', 'exchange_rate', 'currency, day', 'currency day perEuro', { isShared: true }),
    kindOf(
      'profile',
      'profile',
      'created_seq',
      'id nodeId anonymous createdSeq recordId personId attributes version createdAt updatedAt deletedAt forgottenAt',
    ),
    kindOf(
      'identity',
      'identity',
      'kind, value, node_id, profile_id',
      'kind value nodeId profileId createdSeq',
    ),
    kindOf(
      'link',
      'link',
      'id',
      'id firstProfile secondProfile scope origin evidence exclusive createdSeq createdAt undoneSeq undoneAt rivals',
    ),
    kindOf('profileState', 'profile_state', 'profile_id, name', 'profileId name value'),
    kindOf(
      'event',
      'event',
      'seq',
      'typeId seq occurredAt receivedAt id profileId sourceId typeVersion version context updatedAt properties detail',
    ),
    kindOf(
      'metric',
      'metric',
      'event_id, key',
      'eventId key typeId kind value currency raw occurredAt createdAt updatedAt counted',
    ),
    kindOf(
      'metricHistory',
      'metric_history',
      'event_id, key, seq',
      'eventId key seq value currency raw counted occurredAt setAt',
    ),
    kindOf('change', 'change', 'seq', 'seq entity entityId operation changedAt nodeId data'),
    kindOf(
      'touchpoint',
      'touchpoint',
      'id',
      'id profileId occurredAt receivedAt dialect channel sourceId campaignId cost currency eventId detail adId arrival',
    ),
    kindOf('consent', 'consent_log', 'id', 'id profileId nodeId act property value sourceId userId loggedAt'),
    kindOf(
      'quarantined',
      'quarantine',
      'id',
      'id dialect type rule path detail request raw occurredAt receivedAt processedAt replayedAt replayedAs',
    ),
    kindOf('accounting', 'accounting', 'dialect, hour, outcome, reason', 'dialect hour outcome reason total'),
    kindOf(
      'erasure',
      'erasure',
      'id',
      'id personId profileIds keyId jobId requestedBy requestedAt counts finishedAt receipt signature',
    ),
    kindOf('tombstone', 'tombstone', 'hash', 'hash erasureId'),
    kindOf('dedupe', 'dedupe_forever', 'scope, key', 'scope key eventId outcome'),
    kindOf('dedupeWindow', 'dedupe_window', 'scope, key, first_at', 'scope key firstAt eventId outcome'),
    kindOf(
      'conversion',
      'attribution_conversion',
      'number',
      'number id name settings state createdAt updatedAt',
    ),
    kindOf('attributionHead', 'attribution_head', 'workspace_id', 'lastOrigin lastStep'),
    kindOf(
      'attributionRule',
      'attribution_rule',
      'conversion, revision',
      'conversion revision timezone settings',
    ),
    kindOf(
      'attributionPeriod',
      'attribution_period',
      'conversion, since_seq',
      'conversion sinceSeq untilSeq settings timezone currency isMoney',
    ),
    kindOf(
      'attributionOrigin',
      'attribution_origin',
      'id',
      'id dialect channel sourceId campaignId adId platformCampaign utmSource utmMedium hash',
    ),
    kindOf(
      'attributionPath',
      'attribution_path',
      'event_id, conversion',
      'conversion revision eventId profileId personId convertedAt value currency touchTimes touchOrigins',
    ),
    kindOf(
      'attributionDay',
      'attribution_day',
      'conversion, date_of, day, origin_id',
      `conversion dateOf day originId touches creditFirst creditLast creditLastNonDirect creditLinear creditPosition
       creditTimeDecay valueFirst valueLast valueLastNonDirect valueLinear valuePosition valueTimeDecay`,
    ),
    kindOf(
      'attributionPeople',
      'attribution_people',
      'conversion, date_of, dimension, previous_day, day, key',
      'conversion dateOf dimension previousDay day key people',
    ),
    kindOf('attributionStep', 'attribution_step', 'step', 'step seq'),
    kindOf(
      'attributionEntry',
      'attribution_entry',
      'conversion, step, date_of, day, origin_id',
      `conversion dateOf day originId touches creditFirst creditLast creditLastNonDirect creditLinear creditPosition
       creditTimeDecay valueFirst valueLast valueLastNonDirect valueLinear valuePosition valueTimeDecay step`,
    ),
    kindOf(
      'attributionPeopleEntry',
      'attribution_people_entry',
      'conversion, step, date_of, dimension, previous_day, day, key',
      'conversion dateOf dimension previousDay day key people step',
    ),
    kindOf('binding', 'dialect_binding', 'dialect, kind, external_id', 'dialect kind externalId settings', {
      isLast: true,
    }),
    kindOf('account', 'account', 'dialect, name', 'dialect name id settings createdAt', { isLast: true }),
    kindOf(
      'credential',
      'credential',
      'id',
      'secretHash id dialect role name settings createdAt expiresAt revokedAt kind madeFrom subject verifier lastUsedAt',
      { isLast: true },
    ),
    kindOf('attributionDue', 'attribution_due', 'mark', 'mark eventIds profileIds touchedAt', {
      isLast: true,
    }),
    kindOf(
      'job',
      'job',
      'id',
      `id kind subject state input revision cursor done failed total result error attempts requestedBy requestedAt dueAt
       startedAt updatedAt finishedAt`,
      { isLast: true },
    ),
  ],
  leftOut: [
    { table: 'rollup_quarter_hour', madeBy: 'rollupSlices', why: rollupsAreCounts },
    { table: 'rollup_day', madeBy: 'rollupSlices', why: rollupsAreCounts },
    { table: 'rollup_day_origin', madeBy: 'rollupSlices', why: rollupsAreCounts },
    { table: 'rollup_day_metric_origin', madeBy: 'rollupSlices', why: rollupsAreCounts },
    { table: 'profile_name', madeBy: 'profilesNamed', why: 'the words of names, by which people are found' },
    { table: 'quarantine_group', madeBy: 'quarantineGroups', why: 'counts of the bad events that wait' },
    {
      table: 'key_respelling',
      madeBy: null,
      why: 'notes of an upgrade, which are gone by the first start behind it; before that nothing is exported',
    },
  ],
};
