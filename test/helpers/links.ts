/** Of a test of links alone: nothing else is kept up to date with them. */
export const nothingFollows = { followMoves: async () => {} };
