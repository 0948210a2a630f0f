import Type from 'typebox';

export const RebuildReply = Type.Object({
  rollupSlices: Type.Integer(),
  catalogueEntries: Type.Integer(),
  profilesMoved: Type.Integer(),
  leads: Type.Integer(),
});
