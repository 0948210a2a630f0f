/** A currency on a day. */
export interface CurrencyDay {
  readonly currency: string;
  /** YYYY-MM-DD. */
  readonly day: string;
}

/** How many units of a currency one euro was worth. */
export interface ExchangeRate extends CurrencyDay {
  /** A decimal number as text, so that no digit is lost. */
  readonly perEuro: string;
}

/** An amount of one currency that is to be counted in another, by the rates of a day. */
export interface CurrencyConversion {
  readonly from: string;
  readonly to: string;
  /** YYYY-MM-DD. */
  readonly day: string;
}

/** No rates are published on weekends and holidays: the last one before holds for so many days. */
export const longestGapDays = 10;

/** The rate table is in units per euro, which itself is not in it. */
export const pivotCurrency = 'EUR';

/** Money is kept to a millionth: more digits are the rate's noise. */
const decimals = 1e6;

/** The rates that a batch needs, as they were read for it. */
export class ExchangeRates {
  readonly #perEuro = new Map<string, number>();

  /** `asked`: the day that the rate is for, which may lie behind the day that it was published. */
  learn(asked: CurrencyDay, perEuro: number): void {
    this.#perEuro.set(textOf(asked), perEuro);
  }

  /** The amount in the other currency on that day; undefined when a rate is missing. */
  convert(amount: number, from: string, to: string, day: string): number | undefined {
    const [fromRate, toRate] = [this.#rateOf(from, day), this.#rateOf(to, day)];
    if (fromRate === undefined || toRate === undefined) return undefined;
    const converted = (amount / fromRate) * toRate;
    const rounded = Math.round(converted * decimals) / decimals;
    return Number.isFinite(rounded) ? rounded : converted;
  }

  #rateOf(currency: string, day: string): number | undefined {
    return currency === pivotCurrency ? 1 : this.#perEuro.get(textOf({ currency, day }));
  }
}

function textOf({ currency, day }: CurrencyDay): string {
  return `${currency} ${day}`;
}
