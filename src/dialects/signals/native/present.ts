import type { Static } from 'typebox';
import type { AdAccount, FacebookAccount } from '../advertising/advertising.ts';
import type { AdAccountSchema, FacebookAccountSchema } from './schemas.ts';

/** Never the token. */
export function presentFacebookAccount(account: FacebookAccount): Static<typeof FacebookAccountSchema> {
  return {
    id: account.id,
    email: account.email,
    tokenState: account.tokenState,
    needsNewToken: account.tokenState === 'rejected',
    createdAt: account.createdAt.toISOString(),
    updatedAt: account.updatedAt.toISOString(),
  };
}

export function presentAdAccount(account: AdAccount): Static<typeof AdAccountSchema> {
  const textOf = (time: Date | null) => time?.toISOString() ?? null;
  return {
    id: account.id,
    facebookAccount: account.facebookAccountId,
    name: account.name,
    currency: account.currency,
    timezone: account.timezone,
    refresh: {
      state: account.refreshState,
      error: account.refreshError,
      refreshedAt: textOf(account.refreshedAt),
      attemptedAt: textOf(account.attemptedAt),
      nextRefreshAt: textOf(account.nextRefreshAt),
      numbersFrom: account.backfilledFrom,
    },
  };
}
