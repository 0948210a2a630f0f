import Type from 'typebox';

/** A workspace has none of this dialect's own: its rules are its nodes'. */
export const HubSettings = Type.Object({}, { additionalProperties: false });
