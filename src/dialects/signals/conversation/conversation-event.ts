/** Every type of event that the vendor's wire knows (docs/spec/signals.md 0). A stored `message` is none of them. */
export const conversationEventTypes = [
  'button',
  'button_reply',
  'conversation',
  'converted',
  'engagement',
  'keyword',
  'link',
  'list',
  'list_reply',
] as const;

export type ConversationEventType = (typeof conversationEventTypes)[number];

/** The types that are looked for in the text of messages. */
export type TextType = 'keyword' | 'conversation';

export function isTextType(type: string): type is TextType {
  return type === 'keyword' || type === 'conversation';
}

export function isConversationEventType(text: string): text is ConversationEventType {
  return (conversationEventTypes as readonly string[]).includes(text);
}
