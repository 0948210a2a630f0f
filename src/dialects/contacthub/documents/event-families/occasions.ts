import { closedOccasionProperties, eventSchema, occasionProperties } from '../event-shapes.ts';
import { closedObject, dateTime, email, text } from '../json-schema.ts';

const host = closedObject({
  firstName: text,
  lastName: text,
  title: text,
  contacts: closedObject({ email, phone: text, mobilePhone: text }),
});

/** Invitations to occasions, and what came of them. */
export const occasionEvents = {
  eventEligible: eventSchema('The customer may be invited to an occasion.', occasionProperties),
  eventInvited: eventSchema('The customer was invited to an occasion.', occasionProperties),
  eventNotInvited: eventSchema('The customer was not invited to an occasion.', closedOccasionProperties),
  eventConfirmed: eventSchema('The customer accepted an invitation.', occasionProperties),
  eventDeclined: eventSchema('The customer declined an invitation.', occasionProperties),
  eventRegistered: eventSchema('The customer registered for an occasion.', occasionProperties),
  eventNoShow: eventSchema('The customer did not come to an occasion.', occasionProperties),
  eventParticipated: eventSchema('The customer took part in an occasion.', {
    ...occasionProperties,
    checkIn: dateTime,
    checkOut: dateTime,
    host,
  }),
};
