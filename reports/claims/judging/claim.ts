import type { Evidence } from "../../../results/index.js";
import type { Finding } from "./finding.js";

/** A sentence that somebody wrote about the cost of FUSE, and the measurement that judges it. */
export interface Claim {
  readonly id: string;
  /** The sentence, quoted or shortened. */
  readonly says: string;
  /** Its author, the document and the date. */
  readonly source: string;
  /** The figure or the fact that the sentence predicts. */
  readonly predicted: string;
  /** The studies that its evidence comes from, by name. */
  readonly studies: readonly string[];
  /** Judges the claim by what was measured; evidence that is missing leaves it untested. */
  readonly judge: (evidence: Evidence) => Finding;
}
