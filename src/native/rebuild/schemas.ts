import Type from 'typebox';

export const RebuildReply = Type.Record(Type.String(), Type.Integer(), {
  description:
    'How many of each were made anew, or were not what they should be: profilesMoved, rollupSlices, catalogueEntries, quarantineGroups, profilesNamed, and what the dialects derive, as leads',
});
