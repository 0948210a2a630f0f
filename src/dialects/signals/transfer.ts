import { kindOf, type Transfer } from '../../transfer/kinds.ts';

/** What it alone keeps of a workspace (docs/export-format.md). */
export const transfer: Transfer = {
  kinds: [
    kindOf(
      'signalsFacebookAccount',
      'facebook_account',
      'id',
      'id email accessToken tokenState createdAt updatedAt',
    ),
    kindOf(
      'signalsAdCampaign',
      'ad_campaign',
      'id',
      'id adAccountId name status startTime stopTime pageId pageName updatedAt',
    ),
    kindOf(
      'signalsAd',
      'ad',
      'id',
      'id adAccountId campaignId adSetId adSetName adSetStatus pageId pageName name status createdTime updatedTime updatedAt',
    ),
    kindOf('signalsAdDay', 'ad_day', 'ad_id, day', 'adId day clicks impressions spend updatedAt'),
    kindOf(
      'signalsConversion',
      'conversion',
      'campaign_id',
      'campaignId type typeValue typeId createdAt updatedAt',
    ),
    kindOf(
      'signalsEventGroup',
      'event_group',
      'id',
      'id type typeValue adId campaignId status archivedAt createdAt updatedAt',
    ),
    kindOf(
      'signalsAdAccount',
      'ad_account',
      'id',
      `id facebookAccountId name currency timezone refreshState refreshError refreshedAt attemptedAt nextRefreshAt
       backfilledFrom createdAt updatedAt`,
      { isLast: true },
    ),
  ],
  leftOut: [
    { table: 'conversation_event', madeBy: 'leads', why: 'what follows from messages by the rules' },
    { table: 'conversation_sale', madeBy: 'leads', why: 'what follows from sales by the rules' },
    { table: 'conversation_day', madeBy: 'leads', why: 'counts of both' },
    { table: 'conversation_recount', madeBy: null, why: 'of a former version: nothing writes it any more' },
  ],
};
