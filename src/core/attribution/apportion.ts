/** Weights that are not whole are taken to so many parts of the greatest: as many as a double tells apart. */
const partsOfGreatest = 2 ** 52;

/**
 * Hands out a whole amount by weights, so that the shares sum to exactly it: each gets its quota's whole part, and what is left goes
 * by one to those whose fractions are largest, of equal ones to the earlier. A negative amount is handed out as its opposite would be.
 * @throws RangeError for a weight that is negative or not finite, and for an amount that nothing has a weight for
 */
export function apportion(total: bigint, weights: readonly number[] | readonly bigint[]): bigint[] {
  if (total < 0n) return apportion(-total, weights).map((share) => -share);
  const small = apportionSmall(total, weights);
  if (small) return small.map(BigInt);
  const whole = wholeWeights(weights);
  const sum = whole.reduce((partial, weight) => partial + weight, 0n);
  if (sum === 0n) {
    if (total === 0n) return whole;
    throw new RangeError('there is no weight to hand the amount out by');
  }
  return roundTogether(
    whole.map((weight) => total * weight),
    sum,
  );
}

/** The same in numbers, ten times as fast, where none of them is too large to be exact; else, or of what makes no sense, undefined. */
function apportionSmall(total: bigint, weights: readonly (number | bigint)[]): number[] | undefined {
  if (total > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  let [divisor, sum, greatest] = [0, 0, 0];
  for (const weight of weights) {
    if (typeof weight === 'bigint' || !Number.isSafeInteger(weight) || weight < 0) return undefined;
    divisor = greatestCommonDivisor(weight, divisor);
    sum += weight;
    greatest = Math.max(greatest, weight);
  }
  const whole = Number(total);
  if (divisor === 0 || !Number.isSafeInteger(sum) || !Number.isSafeInteger(whole * (greatest / divisor)))
    return undefined;
  const parts = sum / divisor;
  const fractions: number[] = [];
  let left = whole;
  const shares = weights.map((weight) => {
    const numerator = whole * (Number(weight) / divisor);
    const fraction = numerator % parts;
    fractions.push(fraction);
    const share = (numerator - fraction) / parts;
    left -= share;
    return share;
  });
  if (left === 0) return shares;
  const largestFirst = [...fractions.keys()].sort(
    (one, other) => (fractions[other] ?? 0) - (fractions[one] ?? 0) || one - other,
  );
  for (const index of largestFirst.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}

function greatestCommonDivisor(one: number, other: number): number {
  let [a, b] = [one, other];
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

/**
 * Rounds fractions of one denominator to whole numbers whose sum is that of the fractions, which has to be whole: by largest remainder,
 * of equal ones the earlier. Numerators may be negative.
 */
export function roundTogether(numerators: readonly bigint[], denominator: bigint): bigint[] {
  const parts = numerators.map((numerator, index) => {
    const fraction = ((numerator % denominator) + denominator) % denominator;
    return { index, floor: (numerator - fraction) / denominator, fraction };
  });
  const left = parts.reduce((sum, { fraction }) => sum + fraction, 0n) / denominator;
  const shares = parts.map(({ floor }) => floor);
  const largestFirst = parts.toSorted((one, other) => compare(other.fraction, one.fraction));
  for (const { index, floor } of largestFirst.slice(0, Number(left))) shares[index] = floor + 1n;
  return shares;
}

/** The shares of named ones. Of equal fractions the one whose name comes first is the earlier, so that their order does not count. */
export function apportionByKey(
  total: bigint,
  weights: ReadonlyMap<string, number | bigint>,
): Map<string, bigint> {
  const named = [...weights].toSorted(([one], [other]) => compare(one, other));
  const shares = apportion(total, wholeWeights(named.map(([, weight]) => weight)));
  return new Map(named.map(([key], index) => [key, shares[index] ?? 0n]));
}

function wholeWeights(weights: readonly (number | bigint)[]): bigint[] {
  if (weights.some((weight) => weight < 0 || Number.isNaN(weight) || weight === Infinity))
    throw new RangeError('a weight has to be a finite number that is not negative');
  if (weights.every((weight) => typeof weight === 'bigint' || Number.isSafeInteger(weight)))
    return weights.map(BigInt);
  const greatest = weights.reduce<number>((most, weight) => Math.max(most, Number(weight)), 0);
  return weights.map((weight) => BigInt(Math.round((Number(weight) / greatest) * partsOfGreatest)));
}

function compare<T extends bigint | string>(one: T, other: T): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
