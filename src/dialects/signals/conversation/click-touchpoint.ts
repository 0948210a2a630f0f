import type { NewTouchpoint } from '../../../core/campaign/touchpoint-store.ts';
import { fromObjectId } from '../../../core/id.ts';
import type { Click } from './receive-fact.ts';

/**
 * The touchpoint that a click on an ad or a post is, on the app's integration. A click's id is always the same, so that it is one
 * touchpoint however often it is told of.
 * @param receivedAt milliseconds since the epoch
 */
export function touchpointOfClick(click: Click, receivedAt: number): NewTouchpoint {
  const { id, profileId, origin, referralId, clickId, at, sourceId, eventId } = click;
  return {
    id: fromObjectId(id)!,
    profileId,
    dialect: 'signals',
    receivedAt,
    eventId,
    at,
    channel: origin === 'ad' ? 'paid-social' : 'social',
    sourceId,
    campaign: null,
    adId: origin === 'ad' ? referralId : null,
    cost: null,
    arrival: null,
    detail: { source_type: origin, source_id: referralId, ctwa_clid: clickId },
  };
}
