import { kindOf, type Transfer } from '../../transfer/kinds.ts';

/** What it alone keeps of a workspace (docs/export-format.md). */
export const transfer: Transfer = {
  kinds: [
    kindOf('contacthubProduct', 'product', 'id', 'id members extended createdAt updatedAt saidAt'),
    kindOf('contacthubProductEventType', 'product_event_type', 'type', 'type takenUntil'),
    kindOf('contacthubUserRight', 'user_right', 'user_id', 'userId rights updatedAt'),
    kindOf(
      'contacthubAggregateCustomer',
      'aggregate_customer',
      'id',
      'id nodeId createdSeq attributes version createdAt updatedAt alike',
    ),
    kindOf(
      'contacthubAggregatePart',
      'aggregate_part',
      'profile_id, node_id',
      'profileId nodeId recordId customerId createdSeq alike own since',
    ),
    kindOf('contacthubDeletedEvents', 'contacthub_deleted_events', 'type_id', 'typeId events'),
    kindOf(
      'contacthubBulkJob',
      'bulk_job',
      'id',
      `id nodeId fileName operation entity eventType columns sourceId userId status jobId error bytes position total
       processed failed createdAt updatedAt hasRowKeys`,
    ),
    kindOf('contacthubBulkFile', 'bulk_file', 'bulk_job_id, position', 'bulkJobId position bytes'),
    kindOf('contacthubBulkResult', 'bulk_result', 'bulk_job_id, first_row', 'bulkJobId firstRow lines'),
  ],
  leftOut: [
    {
      table: 'customer_index',
      madeBy: 'customersIndexed',
      why: 'what customers are searched by, in terms of this database',
    },
    {
      table: 'customer_value',
      madeBy: 'customersIndexed',
      why: 'the values of customers that are marked as indexed',
    },
    { table: 'customer_count', madeBy: 'customersIndexed', why: 'how many customers a node has' },
    {
      table: 'analytics_day',
      madeBy: 'activityDays',
      why: 'counts by day, which follow from events and changes',
    },
    { table: 'visit', madeBy: 'activityDays', why: 'counts of page views' },
    { table: 'event_value', madeBy: 'eventsIndexed', why: 'the values of events that are marked as indexed' },
  ],
};
