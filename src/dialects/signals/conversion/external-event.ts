/** The type of what happened outside of the conversation (docs/spec/signals.md B9). */
export const externalEventType = 'external_event';
