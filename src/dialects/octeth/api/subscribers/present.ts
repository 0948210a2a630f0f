import type { Source } from '../../../../core/source/source.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { attributePath, fieldsOfList } from '../../custom-field/custom-field.ts';
import type { ListEvent } from '../../query/read-activity.ts';
import { isIdentify } from '../events/parse.ts';
import { formatLocalTime } from '../local-time.ts';
import type { ShownSubscriber } from './read-subscriber.ts';

/** The replies of Subscriber.Get and, without its last members, of subscriber.create (the vendor's page of subscribers). */
export function presentSubscriber(workspace: Workspace, list: Source, shown: ShownSubscriber) {
  const { events, activity, revenue } = shown;
  return {
    Success: true,
    ErrorCode: 0,
    ErrorText: '',
    SubscriberInformation: presentInformation(workspace, list, shown),
    Suppressed: false,
    SubscriberTags: [],
    SubscriberSegments: [],
    SubscriberJourneys: { InProgress: [], Completed: [] },
    SubscriberWebsiteEvents: presentEvents(workspace, shown, events ?? []),
    ...(activity ? { SubscriberActivity: presentActivity(workspace, list, shown, activity) } : {}),
    ...(revenue === null ? {} : { TotalRevenue: revenue }),
  };
}

function presentInformation(
  workspace: Workspace,
  list: Source,
  { subscriber, membership }: ShownSubscriber,
): Record<string, unknown> {
  const timeOf = (value: unknown) =>
    typeof value === 'string' ? formatLocalTime(new Date(value), workspace.timezone) : '';
  const values = fieldsOfList(workspace, list).map((field) => {
    const path = attributePath(workspace, field)!;
    return [`CustomField${field.id}`, subscriber.values[path] ?? ''];
  });
  return {
    SubscriberID: subscriber.number,
    EmailAddress: subscriber.values.EmailAddress ?? '',
    BounceType: membership.BounceType ?? 'Not Bounced',
    SubscriptionStatus: membership.Status ?? '',
    SubscriptionDate: timeOf(membership.SubscriptionDate),
    SubscriptionIP: membership.SubscriptionIP ?? '',
    OptInDate: timeOf(membership.OptInDate),
    UnsubscriptionDate: timeOf(membership.UnsubscriptionDate),
    UnsubscriptionIP: membership.UnsubscriptionIP ?? '',
    Source: membership.Source ?? 'Unknown',
    SourceRef: membership.SourceRef ?? '',
    ...Object.fromEntries(values),
  };
}

/** As the vendor's 5.6 shows them: by browser, names and values in two lists, values as texts. */
function presentEvents(
  workspace: Workspace,
  { subscriber }: ShownSubscriber,
  events: readonly ListEvent[],
): object[] {
  const email = String(subscriber.values.EmailAddress ?? '');
  const byVisitor = Map.groupBy(events, (event) => String(event.properties.$uuid ?? ''));
  return [...byVisitor].map(([uuid, ofVisitor]) => ({
    [uuid]: ofVisitor.map((event) => {
      const names = Object.keys(event.properties).sort();
      return {
        website_tracker_uuid: uuid,
        event: event.type,
        email: isIdentify(event.type) ? email : '',
        'parameters.keys': names,
        'parameters.values': names.map((name) => textOf(event.properties[name])),
        event_created_at: formatLocalTime(event.occurredAt, workspace.timezone),
      };
    }),
  }));
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** What the vendor calls activity is of mails and journeys, which are not here: it tells of the events and the subscription. */
function presentActivity(
  workspace: Workspace,
  list: Source,
  { subscriber, membership }: ShownSubscriber,
  events: readonly ListEvent[],
): object[] {
  const moments = events.map((event) => ({
    at: event.occurredAt,
    type: 'website event',
    parameters: { event: event.type, website_tracker_uuid: textOf(event.properties.$uuid) },
  }));
  for (const [name, type] of [
    ['SubscriptionDate', 'subscription'],
    ['UnsubscriptionDate', 'unsubscription'],
  ] as const) {
    const at = membership[name];
    if (typeof at === 'string')
      moments.push({ at: new Date(at), type, parameters: { event: '', website_tracker_uuid: '' } });
  }
  moments.sort((a, b) => b.at.getTime() - a.at.getTime());
  return moments.map(({ at, type, parameters }) => ({
    ActivityDate: formatLocalTime(at, workspace.timezone),
    UserID: workspace.id,
    ListID: Number(list.externalId),
    SubscriberID: subscriber.number,
    ActivityType: type,
    Parameters: parameters.event === '' ? {} : parameters,
  }));
}
