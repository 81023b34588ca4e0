import { describe, expect, test } from "vitest";
import { GetattrIn, SetattrIn } from "../../../filesystem/protocol/attributes.js";
import { ReadIn, WriteIn, WriteOut } from "../../../filesystem/protocol/data.js";
import { GetxattrIn, GetxattrOut, SetxattrIn } from "../../../filesystem/protocol/extended-attributes.js";
import { supplementaryGroup } from "../../../filesystem/protocol/extensions.js";
import { CreateIn, FlushIn, FsyncIn, OpenIn, ReleaseIn } from "../../../filesystem/protocol/files.js";
import { InHeader } from "../../../filesystem/protocol/header.js";
import { InterruptIn, LkIn, LkOut } from "../../../filesystem/protocol/locks.js";
import {
  AccessIn,
  BatchForgetIn,
  ForgetIn,
  ForgetOne,
  LinkIn,
  MkdirIn,
  MknodIn,
  Rename2In,
  RenameIn,
} from "../../../filesystem/protocol/names.js";
import { NotifyInvalEntryOut, NotifyInvalInodeOut, NotifyStoreOut } from "../../../filesystem/protocol/notify.js";
import { CopyFileRangeIn, CopyFileRangeOut, FallocateIn, LseekIn, LseekOut } from "../../../filesystem/protocol/ranges.js";
import { StatxIn } from "../../../filesystem/protocol/statx.js";

/**
 * Structs of linux/fuse.h in the order of their fields: u64 as 16 digits, u32 as 8, each of another value, as they go over
 * the wire (the low byte first). The fields that this program reads or writes are named; `_` is one that it does not.
 */
const structs: [string, Readonly<Record<string, number>>, string][] = [
  ["fuse_in_header", InHeader, "len:4 opcode:4 unique:8 nodeid:8 uid:4 gid:4 pid:4 totalExtlen:4"],
  ["fuse_getattr_in", GetattrIn, "getattrFlags:4 _:4 fh:8"],
  [
    "fuse_setattr_in",
    SetattrIn,
    "valid:4 _:4 fh:8 size:8 lockOwner:8 atime:8 mtime:8 ctime:8 atimensec:4 mtimensec:4 ctimensec:4 mode:4 _:4 uid:4 gid:4 _:4",
  ],
  ["fuse_forget_in", ForgetIn, "nlookup:8"],
  ["fuse_batch_forget_in", BatchForgetIn, "count:4 _:4"],
  ["fuse_forget_one", ForgetOne, "nodeid:8 nlookup:8"],
  ["fuse_mknod_in", MknodIn, "mode:4 rdev:4 umask:4 _:4"],
  ["fuse_mkdir_in", MkdirIn, "mode:4 umask:4"],
  ["fuse_rename_in", RenameIn, "newdir:8"],
  ["fuse_rename2_in", Rename2In, "newdir:8 flags:4 _:4"],
  ["fuse_link_in", LinkIn, "oldnodeid:8"],
  ["fuse_access_in", AccessIn, "mask:4 _:4"],
  ["fuse_open_in", OpenIn, "flags:4 openFlags:4"],
  ["fuse_create_in", CreateIn, "flags:4 mode:4 umask:4 openFlags:4"],
  ["fuse_release_in", ReleaseIn, "fh:8 flags:4 releaseFlags:4 lockOwner:8"],
  ["fuse_flush_in", FlushIn, "fh:8 _:4 _:4 lockOwner:8"],
  ["fuse_fsync_in", FsyncIn, "fh:8 fsyncFlags:4 _:4"],
  ["fuse_read_in", ReadIn, "fh:8 offset:8 size:4 readFlags:4 lockOwner:8 flags:4 _:4"],
  ["fuse_write_in", WriteIn, "fh:8 offset:8 size:4 writeFlags:4 lockOwner:8 flags:4 _:4"],
  ["fuse_write_out", WriteOut, "size:4 _:4"],
  ["fuse_fallocate_in", FallocateIn, "fh:8 offset:8 length:8 mode:4 _:4"],
  ["fuse_lseek_in", LseekIn, "fh:8 offset:8 whence:4 _:4"],
  ["fuse_lseek_out", LseekOut, "offset:8"],
  ["fuse_copy_file_range_in", CopyFileRangeIn, "fhIn:8 offIn:8 nodeidOut:8 fhOut:8 offOut:8 len:8 flags:8"],
  ["fuse_copy_file_range_out", CopyFileRangeOut, "bytesCopied:8"],
  ["fuse_statx_in", StatxIn, "getattrFlags:4 _:4 fh:8 sxFlags:4 sxMask:4"],
  ["fuse_setxattr_in", SetxattrIn, "size:4 flags:4 setxattrFlags:4 _:4"],
  ["fuse_getxattr_in", GetxattrIn, "size:4 _:4"],
  ["fuse_getxattr_out", GetxattrOut, "size:4 _:4"],
  ["fuse_lk_in", LkIn, "fh:8 owner:8 start:8 end:8 type:4 pid:4 lkFlags:4 _:4"],
  ["fuse_file_lock", LkOut, "start:8 end:8 type:4 pid:4"],
  ["fuse_interrupt_in", InterruptIn, "unique:8"],
  ["fuse_notify_store_out", NotifyStoreOut, "nodeid:8 offset:8 size:4 _:4"],
  ["fuse_notify_inval_inode_out", NotifyInvalInodeOut, "ino:8 off:8 len:8"],
  ["fuse_notify_inval_entry_out", NotifyInvalEntryOut, "parent:8 namelen:4 flags:4"],
];

/** Names that are no fields: sizes. */
const sizes = new Set(["bytes", "bytesWithoutExt"]);

describe("each field of a message lies where linux/fuse.h has it", () => {
  test.each(structs)("struct %s", (_, struct, layout) => {
    const fields = layout.split(" ").map((field) => field.split(":") as [string, string]);
    // Every 32-bit word of the wire has another value: 0x11000000, 0x11000001, …
    const byteLength = fields.reduce((sum, [, bytes]) => sum + Number(bytes), 0);
    const words = new Uint32Array(byteLength / 4).map((_, index) => 0x11000000 + index);
    const named = Object.keys(struct).filter((name) => !sizes.has(name));
    expect(struct.bytes).toBe(byteLength);
    let at = 0;
    for (const [name, bytes] of fields) {
      if (name !== "_" && named.includes(name)) expect(words[struct[name]!], name).toBe(0x11000000 + at / 4);
      at += Number(bytes);
    }
    expect(fields.map(([name]) => name)).toEqual(expect.arrayContaining(named));
  });
});

describe("extensions after a payload", () => {
  const groups = "18000000 20000000 02000000 92100000 11110000 00000000";
  const context = "10000000 01000000 0000000000000000";
  test.each([
    ["the first group of fuse_supp_groups", groups, 4242],
    ["the group behind a security context", `${context}${groups}`, 4242],
    ["none where there is only a security context", context, -1],
    ["none where there are no groups", "10000000 20000000 00000000 00000000", -1],
    ["none where the header is longer than the message", "40000000 20000000 01000000 92100000", -1],
    ["none where the header is shorter than itself", "04000000 20000000 01000000 92100000", -1],
    ["none where there is nothing", "", -1],
    ["none where the header has no length: it ends there", "00000000 20000000 01000000 92100000", -1],
    ["the group behind an empty extension", `08000000 01000000 ${groups}`, 4242],
    ["a group without padding", "10000000 20000000 01000000 92100000", 4242],
    ["none where the groups are cut off", "0c000000 20000000 01000000", -1],
    ["none where another extension looks like groups", "10000000 01000000 01000000 92100000", -1],
  ])("%s", (_, hex, group) => {
    const bytes = Buffer.from(hex.replaceAll(" ", ""), "hex");
    expect(supplementaryGroup(bytes, 0, bytes.length)).toBe(group);
  });
});
