/** Ratios around `middle`, within `spread` of it. */
export const around = (middle: number, n: number, spread = 0.02) =>
  Array.from({ length: n }, (_, index) => middle * (1 + spread * Math.sin(index * 2.4)));
