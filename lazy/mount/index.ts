export { type LazyMount, type LazyMountOptions, mountLazily } from "./mount.js";
