/** A user's program in strict TypeScript. Its last lines don't compile unless the types are there: `any` would accept them. */
export const consumerProgram = `
import { FusemeterError, mount, readStatus, type Decision, type Mount, type MountOptions, type MountStatus, type Policy } from "fusemeter/filesystem";
import { type FioJob, FusemeterError as FioError, fioVersion, parseOutput, renderJob, runFio, type RunOptions } from "fusemeter/fio";

const options: MountOptions = { mode: "auto", cache: "bounded" };
export async function serve(): Promise<void> {
  await using mounted: Mount = await mount("/source", "/mountpoint", options);
  const status: MountStatus = await Promise.resolve(readStatus("/mountpoint"));
  console.log(status.inodes + status.openFiles);
  await mounted.ended;
}

export const policy: Policy = { decideOpen: (): Decision => "passthrough" };

const job: FioJob = { name: "job", filenames: ["/file"], rw: "randread", blockSizeBytes: 4096, sizeBytes: 65536, ioBytes: 65536, randomSeed: 1 };
export async function measure(): Promise<string> {
  const runOptions: RunOptions = { onProgress: (fraction) => console.log(fraction.toFixed(2)) };
  try {
    const result = await runFio(job, runOptions);
    return renderJob(job) + typeof result + typeof parseOutput + (await fioVersion());
  } catch (error) {
    if (error instanceof FusemeterError || error instanceof FioError) return error.code + error.problem + error.fault;
    throw error;
  }
}

// @ts-expect-error no such mode
export const badOptions: MountOptions = { mode: "slow" };
// @ts-expect-error a number
renderJob({ ...job, blockSizeBytes: "4k" });
`;

/** The user's compiler settings: as strict as they go, the package's own declarations checked too. */
export const consumerSettings = {
  compilerOptions: {
    target: "es2022",
    lib: ["es2023", "esnext.disposable"],
    module: "nodenext",
    moduleResolution: "nodenext",
    types: ["node"],
    strict: true,
    skipLibCheck: false,
    noEmit: true,
  },
  files: ["consumer.ts"],
};
