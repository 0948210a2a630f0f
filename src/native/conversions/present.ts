import type { Static } from 'typebox';
import type { AttributionRules, ConversionSettings } from '../../core/attribution/conversion.ts';
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
  const { event, state, metric } = settings;
  return { event: `${event.dialect}:${event.type}`, state, metric, ...presentRules(settings) };
}

export function presentRules(rules: AttributionRules) {
  const { position, excludedReferrers } = rules;
  return {
    lookbackDays: rules.lookbackDays,
    excludedReferrers: [...excludedReferrers],
    excludeOwnSite: rules.excludeOwnSite,
    sameCampaignMinutes: rules.sameCampaignMinutes,
    directOnlyAlone: rules.directOnlyAlone,
    position: { first: position.first, last: position.last },
    halfLifeDays: rules.halfLifeDays,
  };
}
