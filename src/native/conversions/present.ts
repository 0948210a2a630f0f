import type { Static } from 'typebox';
import type { ConversionSettings } from '../../core/attribution/conversion.ts';
import type { Conversion } from '../../core/attribution/conversion-store.ts';
import { timeOf } from '../date-times.ts';
import type { ConversionReply } from './schemas.ts';

export function presentConversion(conversion: Conversion): Static<typeof ConversionReply> {
  return {
    id: conversion.id,
    name: conversion.name,
    ...presentSettings(conversion.settings),
    status: conversion.state,
    createdAt: timeOf(conversion.createdAt),
    updatedAt: timeOf(conversion.updatedAt),
  };
}

export function presentSettings(settings: ConversionSettings) {
  const { event, excludedReferrers, position, ...rest } = settings;
  return {
    event: `${event.dialect}:${event.type}`,
    state: rest.state,
    metric: rest.metric,
    lookbackDays: rest.lookbackDays,
    excludedReferrers: [...excludedReferrers],
    excludeOwnSite: rest.excludeOwnSite,
    sameCampaignMinutes: rest.sameCampaignMinutes,
    directOnlyAlone: rest.directOnlyAlone,
    position: { first: position.first, last: position.last },
    halfLifeDays: rest.halfLifeDays,
  };
}
