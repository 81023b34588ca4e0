/**
 * The probability that a run in which nothing changed is called a regression by its times: for all times of the run and all looks
 * at it together.
 */
const FALSE_REGRESSION = 0.0001;

/** The probability that a time which is slower by the least effect passes as `same`, for all looks at a run together. */
const MISSED_SLOWDOWN = 0.05;

/** The shares of the time for slices after which the rounds so far are looked at. The last look is at the end. */
const SHARES: readonly number[] = [0.25, 0.5];

/** The errors that one look at the times of a run may make. */
export interface Look {
  /** That a regression is called where nothing changed: for all times together. */
  readonly falseRegression: number;
  /** That a slowdown of the least effect passes, for each time. */
  readonly missedSlowdown: number;
}

/** The share of the next planned look after another share; 1 is the end. */
export const shareAfter = (share: number): number => SHARES.find((planned) => planned > share) ?? 1;

/**
 * The part of each error that may be spent by a share of the time: the power family of Kim and DeMets (Biometrika 74, 1987), for
 * the spending of errors after Lan and DeMets (Biometrika 70, 1983). Early looks, at few rounds, cost the last one little.
 */
const spendable = (share: number): number => share ** 2;

/**
 * The errors of one look. Those of all looks add up to the whole, so that they hold whatever the dependence between looks: each is
 * given what it may spend beyond the look before.
 *
 * @param lookedAt the share of the time at the look before; 0 where there was none
 * @param share the share of the time now; 1 for the last look
 */
export function lookAt(lookedAt: number, share: number): Look {
  const part = spendable(share) - spendable(lookedAt);
  return { falseRegression: FALSE_REGRESSION * part, missedSlowdown: MISSED_SLOWDOWN * part };
}

/** The look at a run that is looked at once. */
export const ONLY_LOOK: Look = lookAt(0, 1);
