import type { Run, TimedFigures } from "../../results/index.js";

/** The same run with one backend slower by a factor in every sample: the latency, and the daemon's CPU time by the time added. */
export function slower(backend: string, factor: number): (run: Run) => Run {
  const scale = (figures: TimedFigures): TimedFigures => {
    const { latencyNs, cpuSeconds, seconds } = figures;
    return {
      ...figures,
      latencyNs: { ...latencyNs, mean: latencyNs.mean * factor },
      cpuSeconds: { ...cpuSeconds, daemon: cpuSeconds.daemon === null ? null : cpuSeconds.daemon + (factor - 1) * seconds },
    };
  };
  return (run) => ({
    ...run,
    cells: run.cells.map((cell) =>
      cell.backend === backend
        ? { ...cell, samples: cell.samples.map((sample) => (sample.ok ? { ...sample, figures: scale(sample.figures) } : sample)) }
        : cell,
    ),
  });
}
