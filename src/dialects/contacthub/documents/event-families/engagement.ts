import { eventSchema, serviceProperties } from '../event-shapes.ts';
import { choice, freeObject, integer, listOf, text, uri } from '../json-schema.ts';

const ticket = { ticketId: text, category: listOf(text), subject: text, text };

const compiledForm = { formName: text, formId: text, data: freeObject };

/** Browsing, searching, forms, accounts, tickets, services, and the two generic types. */
export const engagementEvents = {
  viewedPage: eventSchema('The customer looked at a page.', {
    path: text,
    referer: text,
    search: text,
    title: text,
    url: uri,
    pageCategories: listOf(text),
    pageTags: listOf(text),
  }),
  clickedLink: eventSchema('The customer followed a link.', {
    path: text,
    referer: text,
    search: text,
    title: text,
    url: uri,
    linkTags: listOf(text),
  }),
  searched: eventSchema('The customer searched for something.', { keyword: text, resultCount: integer }),
  formCompiled: eventSchema('The customer filled in a form.', compiledForm),
  // No source has a schema for it: it is as formCompiled (docs/spec/contacthub.md, ruling 6).
  surveyCompiled: eventSchema('The customer filled in a survey.', compiledForm),
  changedSetting: eventSchema('The customer changed a setting.', {
    setting: choice(['LANGUAGE', 'TIMEZONE', 'CURRENCY', 'EMAIL', 'PASSWORD', 'USERNAME', 'OTHER']),
    oldValue: text,
    newValue: text,
  }),
  loggedIn: eventSchema('The customer logged in.', {}),
  loggedOut: eventSchema('The customer logged out.', {}),
  openedTicket: eventSchema('The customer opened a ticket at the customer service.', ticket),
  closedTicket: eventSchema('The customer closed a ticket at the customer service.', ticket),
  repliedTicket: eventSchema('The customer was sent a reply to a ticket.', ticket),
  serviceSubscribed: eventSchema('The customer subscribed to a service.', serviceProperties),
  serviceUnsubscribed: eventSchema('The customer unsubscribed from a service.', serviceProperties),
  genericActiveEvent: eventSchema('The customer did something that no other type stands for.', {
    name: text,
  }),
  genericPassiveEvent: eventSchema(
    'The customer was the object of something that no other type stands for.',
    {
      name: text,
    },
  ),
};
