import type { StudyName } from "../../results/index.js";

/** A sentence that somebody wrote about the cost of FUSE, and what is measured to judge it. */
export interface Claim {
  readonly id: string;
  readonly claim: string;
  /** Who wrote it, where, when. */
  readonly source: string;
  /** What it comes to as a figure or a fact. */
  readonly predicted: string;
  /** What must be measured for it. */
  readonly needs: readonly StudyName[];
}

const INCFS = "Incremental FS, design document (Eugene Zemtsov, linux-fsdevel, 2019-05-02)";
const HORN = "Jann Horn, review of Incremental FS (linux-fsdevel, 2019-05-07)";
const BALSINI = "Alessio Balsini, passthrough V8 (linux-fsdevel, 2020-09-22)";
const GOLDSTEIN = "Amir Goldstein, review of passthrough V8 (linux-fsdevel, 2020-09-18)";
const LAYERS = "Sargun Dhillon, Lazy Loading Layers (linux-unionfs, 2021-01-25)";

/** Every claim, in the order of the report. */
export const claims = [
  {
    id: "transitions",
    claim: "FUSE adds 2 user-kernel-user transition pairs to an I/O",
    source: INCFS,
    predicted: "2 system calls of the daemon for a READ",
    needs: ["warm"],
  },
  {
    id: "switches",
    claim: "and up to 3 context switches",
    source: INCFS,
    predicted: "at most 3 switches for a read",
    needs: ["warm"],
  },
  {
    id: "overhead",
    claim: "FUSE costs 20 to 80 percent in the target scenarios",
    source: `${INCFS}; doubted by ${HORN}`,
    predicted: "20 to 80 % of native's throughput lost",
    needs: ["warm", "cold"],
  },
  {
    id: "amplification",
    claim: "without readahead there are almost 32 times the requests (128 KiB against 4 KiB)",
    source: INCFS,
    predicted: "32",
    needs: ["window"],
  },
  {
    id: "latency-share",
    claim: "the overhead of the switches is hardly unmanageable next to the latency of storage",
    source: HORN,
    predicted: "less than half of the latency of a read from the medium",
    needs: ["warm", "cold"],
  },
  {
    id: "power",
    claim: "FUSE takes more power than is acceptable, or none that matters",
    source: `${INCFS}; doubted by ${HORN}`,
    predicted: "no figure is given",
    needs: ["warm", "cold"],
  },
  {
    id: "daemon-readahead",
    claim: "a FUSE filesystem can do the readahead itself and push blocks into the page cache",
    source: HORN,
    predicted: "fewer requests and more throughput than with the window off",
    needs: ["window"],
  },
  {
    id: "only-while-loading",
    claim: "the layer matters only while the data is being loaded; then one can switch to native",
    source: HORN,
    predicted: "native's throughput once it is loaded",
    needs: ["warm"],
  },
  {
    id: "timeout",
    claim: "an application crashes if a block is late",
    source: HORN,
    predicted: "a late read fails after the limit",
    needs: [],
  },
  {
    id: "open-decides",
    claim: "a decision at open makes later reads free of the daemon",
    source: BALSINI,
    predicted: "0 READ requests",
    needs: ["warm"],
  },
  {
    id: "random-gains-most",
    claim: "random reads of big files gain most from passthrough, since readahead can't help them",
    source: BALSINI,
    predicted: "a larger gain for random than for sequential reads",
    needs: ["warm"],
  },
  {
    id: "sequential-needs-least",
    claim: "for large sequential I/O the hardware hides the extra system calls",
    source: GOLDSTEIN,
    predicted: "FUSE within 5 % of native, cold, 1 MiB reads",
    needs: ["large"],
  },
  {
    id: "stacking",
    claim: "what may be stacked: passthrough over overlayfs, overlayfs over passthrough, passthrough over FUSE",
    source: `${BALSINI}; Balsini, Lazy Loading Layers (linux-unionfs, 2021-01-26)`,
    predicted: "the first two work, the third is refused",
    needs: ["stacking"],
  },
  {
    id: "mixed-io",
    claim: "mixed buffered and asynchronous writes are wrong under plain FUSE and right with passthrough",
    source: "Amir Goldstein, passthrough v13 (linux-fsdevel, 2023-06-06), of xfstests generic/451",
    predicted: "stale data under FUSE, none with passthrough",
    needs: ["mixed-io"],
  },
  {
    id: "per-inode",
    claim: "a mapping for each inode is enough: the descriptors of one file agree",
    source: "Miklos Szeredi and Amir Goldstein, passthrough v13 (linux-fsdevel, 2023-06-06)",
    predicted: "a write is seen through every descriptor",
    needs: ["per-inode"],
  },
  { id: "tenth", claim: "less than a tenth of a layer's files is used", source: LAYERS, predicted: "under 10 %", needs: [] },
  {
    id: "full-cost-forever",
    claim: "a FUSE lower layer costs its full price on every read, populated or not",
    source: LAYERS,
    predicted: "a READ request for each read of what is there already",
    needs: ["warm"],
  },
  {
    id: "metadata",
    claim: "metadata operations should bypass the daemon too",
    source: "Paul Lawrence and Amir Goldstein, backing inodes (linux-fsdevel, 2025-07-23)",
    predicted: "open, stat and readdir still reach the daemon",
    needs: ["storms"],
  },
  {
    id: "paper-classes",
    claim: "the class of each seq-rd and rnd-rd workload against native",
    source: "Vangoor, Tarasov, Zadok, To FUSE or Not to FUSE (FAST 2017)",
    predicted: "the paper's class",
    needs: ["cold"],
  },
  {
    id: "readahead-off",
    claim: "with read_ahead_kb = 0 there is a terrible drop",
    source: "Alessio Balsini, passthrough V11, cover letter (linux-fsdevel, 2021-01-18)",
    predicted: "a drop; no figure is given",
    needs: ["window"],
  },
] as const satisfies readonly Claim[];

export type ClaimId = (typeof claims)[number]["id"];
