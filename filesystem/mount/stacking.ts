/** `f_type` of statfs(2) (linux/magic.h) of filesystems that may lie on another: overlayfs, eCryptfs, FUSE. */
const stacked: ReadonlySet<number> = new Set([0x794c7630, 0xf15f, 0x65735546]);

/**
 * The depth of a mount with passthrough in a stack of filesystems, of which the kernel allows 2
 * (FILESYSTEM_MAX_STACK_DEPTH, linux/fs.h). It must be deeper than its backing files: 2 over a source that is itself stacked,
 * and then nothing goes on top. 1 over any other, so that overlayfs can have the mount as a layer.
 *
 * @param filesystemType the source's
 */
export function stackDepthOver(filesystemType: number): 1 | 2 {
  return stacked.has(filesystemType) ? 2 : 1;
}
