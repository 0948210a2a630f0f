import Type from 'typebox';

export const DocumentParameters = Type.Object({ '*': Type.String() });
