/** How a conversation began: by a click on an ad, from a post, or without either. */
export type ConversationOrigin = 'ad' | 'post' | 'standalone';

/** The click that brought a lead to write, as its first message tells. */
export interface Referral {
  readonly origin: 'ad' | 'post';
  /** The vendor's id of the ad or post; null where it is not told. */
  readonly referralId: string | null;
  /** Of this one click; null for ads in WhatsApp's status. */
  readonly clickId: string | null;
}

export type ChoiceType = 'button' | 'button_reply' | 'list' | 'list_reply';
