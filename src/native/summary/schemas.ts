import Type from 'typebox';
import { queryObject } from '../../http/validation.ts';
import { nullable, Time } from '../schemas/common.ts';

export const PeopleCountQuery = queryObject({
  since: Type.Optional(Type.String({ format: 'date-time', description: '24 hours ago, if left out.' })),
});

export const PeopleCountReply = Type.Object({
  since: Time,
  people: Type.Integer({ description: 'Persons of whom something is known.' }),
  newPeople: Type.Integer({ description: 'Of these, known since.' }),
  anonymous: Type.Integer({ description: 'Browsers and sessions that nobody known is behind.' }),
});

export const SummaryReply = Type.Object({
  quarantine: Type.Object({
    waiting: Type.Integer({ description: 'Bad events that were not replayed.' }),
    newestAt: nullable(Time),
  }),
  jobs: Type.Object({
    waiting: Type.Integer(),
    running: Type.Integer(),
    failed: Type.Integer({ description: 'Of those that are kept still.' }),
  }),
});
