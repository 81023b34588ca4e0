import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { packageRoot } from "../../../package-root.js";
import type { Way } from "../mounts/on-mounts.js";

/** Names of the two devices and of their sources. mount(8) would make a real path of anything that is one. */
const [TEST, SCRATCH] = ["fusemeter-test", "fusemeter-scratch"];

/** The file of the daemons' standard error. */
const LOG = "daemon.log";

/** The mount helper, at the path that is the type's subtype. It returns when the mount is there. */
const helper = (folder: string, { mode, transport }: Way) => `#!/bin/sh
device=$1 mountpoint=$2 options=$4
case ,$options, in *,remount,*) exec mount -i -o "$options" "$mountpoint" ;; esac
mounts() { grep -c " $mountpoint " /proc/self/mountinfo; }
before=$(mounts)
${process.execPath} ${join(packageRoot(), "bin/fusemeter.js")} mount --mode ${mode} --transport ${transport} -o "fsname=$device,$options" \\
  ${folder}/$device "$mountpoint" </dev/null >/dev/null 2>>${folder}/${LOG} &
while [ "$(mounts)" = "$before" ]; do kill -0 $! 2>/dev/null || exit 32; sleep 0.02; done
`;

/** xfstests knows the type `fuse` alone, without a subtype. */
const df = `#!/bin/sh
exec /bin/df "$@" | sed 's/fuse\\.fusemeter/fuse/'
`;

const configuration = (folder: string) => `export TEST_DEV=${TEST}
export TEST_DIR=${folder}/on-test
export SCRATCH_DEV=${SCRATCH}
export SCRATCH_MNT=${folder}/on-scratch
export RESULT_BASE=${folder}/results
export FSTYP=fuse
export FUSE_SUBTYP=.${folder}/bin/fusemeter
export MOUNT_OPTIONS="-oallow_other,default_permissions"
export TEST_FS_MOUNT_OPTS="-oallow_other,default_permissions"
`;

/** All that xfstests needs for one way to mount, in a folder of its own. Disposing removes the folder. */
export interface Environment extends Disposable {
  readonly folder: string;
  /** Environment variables for check. */
  readonly variables: Readonly<Record<string, string>>;
  /** Forgets the daemons' complaints. */
  clearLog(): void;
  /** Daemons' first complaints since then, in one line. */
  complaints(): string;
  /** Removes the files of a test that filled the disk and left that to the next. */
  emptyScratch(): void;
}

export function makeEnvironment(way: Way): Environment {
  const folder = mkdtempSync(join(tmpdir(), "fusemeter-xfstests-"));
  for (const name of [TEST, SCRATCH, "on-test", "on-scratch", "results", "bin"]) mkdirSync(join(folder, name));
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, "configuration"), configuration(folder));
  writeFileSync(join(folder, "bin/fusemeter"), helper(folder, way), { mode: 0o755 });
  writeFileSync(join(folder, "bin/df"), df, { mode: 0o755 });
  return {
    folder,
    variables: { HOST_OPTIONS: join(folder, "configuration"), PATH: `${folder}/bin:${process.env.PATH}` },
    clearLog: () => writeFileSync(join(folder, LOG), ""),
    complaints() {
      const lines = readFileSync(join(folder, LOG), "utf8").split("\n");
      const complaints = new Set(lines.filter((line) => line !== "" && !line.includes("is mounted on")));
      return [...complaints].slice(0, 3).join(" | ").slice(0, 400);
    },
    emptyScratch() {
      const scratch = join(folder, SCRATCH);
      execaSync("chattr", ["-R", "-ia", scratch], { reject: false });
      for (const name of readdirSync(scratch)) rmSync(join(scratch, name), { recursive: true, force: true });
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
