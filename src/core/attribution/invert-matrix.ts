/** So many products at a time hold up other work by some milliseconds. */
const productsAtATime = 2_000_000;

/**
 * Inverts a square matrix (rows behind each other) in its place, by Gauss and Jordan, without looking for pivots: the diagonal has to
 * dominate, as that of 1 − Q does for chances Q that sum to 1 at most, where it is also what is exact. `turn` is awaited now and then.
 */
export async function invertInPlace(
  matrix: Float64Array,
  size: number,
  turn: () => Promise<unknown>,
): Promise<void> {
  const pivotsAtATime = Math.max(1, Math.floor(productsAtATime / (size * size)));
  for (let pivot = 0; pivot < size; pivot++) {
    eliminate(matrix, size, pivot);
    if (pivot % pivotsAtATime === pivotsAtATime - 1) await turn();
  }
}

function eliminate(matrix: Float64Array, size: number, pivot: number): void {
  const pivotRow = matrix.subarray(pivot * size, (pivot + 1) * size);
  const divisor = pivotRow[pivot] ?? 1;
  pivotRow[pivot] = 1;
  for (let column = 0; column < size; column++) pivotRow[column] = (pivotRow[column] ?? 0) / divisor;
  for (let index = 0; index < size; index++) {
    if (index === pivot) continue;
    const row = matrix.subarray(index * size, (index + 1) * size);
    const factor = row[pivot] ?? 0;
    if (factor === 0) continue;
    row[pivot] = 0;
    for (let column = 0; column < size; column++)
      row[column] = (row[column] ?? 0) - factor * (pivotRow[column] ?? 0);
  }
}
