import { expect, test } from "vitest";
import { type FioJob, renderJob } from "../../../../runners/loads/fio/index.js";

const job: FioJob = {
  name: "rnd-rd-1th-1f",
  filenames: ["/data/a.dat"],
  rw: "randread",
  blockSizeBytes: 4096,
  sizeBytes: 1048576,
  ioBytes: 65536,
  randomSeed: 42,
};

test("a job file, whole", () => {
  expect(renderJob(job)).toBe(`[rnd-rd-1th-1f]
filename=/data/a.dat
rw=randread
bs=4096
size=1048576
io_size=65536
numjobs=1
thread=0
ioengine=psync
randseed=42
norandommap=0
fadvise_hint=0
invalidate=0
disk_util=0
group_reporting=1
clat_percentiles=0
lat_percentiles=1
percentile_list=50:95:99:99.9
allow_file_create=0
`);
});

test.each<[string, Partial<FioJob>, string]>([
  ["several files", { filenames: ["/a", "/b"] }, "filename=/a:/b"],
  ["a path of the working directory", { filenames: ["a"] }, `filename=${process.cwd()}/a`],
  ["a colon in a name", { filenames: ["/a:b"] }, "filename=/a\\:b"],
  ["threads", { thread: true, numjobs: 32 }, "numjobs=32\nthread=1"],
  ["an engine", { ioengine: "mmap" }, "ioengine=mmap"],
  ["an option of fio's own", { options: { iodepth: 8 } }, "iodepth=8"],
  ["an option that overrides", { options: { fadvise_hint: "random" } }, "fadvise_hint=random"],
])("%s", (_, change, expected) => {
  expect(renderJob({ ...job, ...change })).toContain(`${expected}\n`);
});

test.each(["/a\nrw=write", "/a\\b", "/a$b", "/a "])("a name that fio's syntax can't hold is refused: %j", (filename) => {
  expect(() => renderJob({ ...job, filenames: [filename] })).toThrow(/can't be written in a fio job file/);
});

test("a job that writes may create its file", () => {
  expect(renderJob({ ...job, rw: "write" })).not.toContain("allow_file_create");
});
