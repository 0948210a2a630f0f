import Type from 'typebox';
import { identifiers } from '../schemas.ts';

export const EventBody = Type.Object({
  ...identifiers,
  eventName: Type.String({
    description: 'Less than 50 characters. Names that begin with we_ are reserved: such events are dropped.',
  }),
  eventTime: Type.Optional(
    Type.String({ description: 'yyyy-MM-ddTHH:mm:ss±hhmm; the time of receipt if absent.' }),
  ),
  eventData: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description:
        'Attributes: names less than 50 characters; the first value settles the type; at most 25 of each type.',
    }),
  ),
});

export const BulkEventsBody = Type.Object({
  events: Type.Array(EventBody, { description: '1 to 25 events' }),
});
