/** Documents that several claims are taken from. */
export const INCFS = "Incremental FS, design document (Eugene Zemtsov, linux-fsdevel, 2019-05-02)";
export const HORN = "Jann Horn, review of Incremental FS (linux-fsdevel, 2019-05-07)";
export const BALSINI = "Alessio Balsini, passthrough V8 (linux-fsdevel, 2020-09-22)";
export const LAYERS = "Sargun Dhillon, Lazy Loading Layers (linux-unionfs, 2021-01-25)";
