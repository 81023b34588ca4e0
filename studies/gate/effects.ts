import type { Run, TimedFigures } from "../../results/index.js";

/** The same run with one backend slower by a factor in every sample: the latency, and the daemon's CPU time by the time added. */
export function slower(backend: string, factor: number): (run: Run) => Run {
  const scale = (figures: TimedFigures): TimedFigures => {
    const { latencyNs, cpuSeconds, seconds } = figures;
    const daemon = cpuSeconds.daemon === null ? null : cpuSeconds.daemon + (factor - 1) * seconds;
    return { ...figures, latencyNs: { ...latencyNs, mean: latencyNs.mean * factor }, cpuSeconds: { ...cpuSeconds, daemon } };
  };
  return (run) => ({
    ...run,
    cells: run.cells.map((cell) => {
      if (cell.backend !== backend) return cell;
      return { ...cell, samples: cell.samples.map((one) => (one.ok ? { ...one, figures: scale(one.figures) } : one)) };
    }),
  });
}
