export { mixedIoStudy } from "./claims/mixed-io.js";
export { perInodeStudy } from "./claims/per-inode.js";
export { requestOf, runStudy, type StudySize } from "./claims/run-studies.js";
export { stackingStudy } from "./claims/stacking.js";
export { stormStudy } from "./claims/storms.js";
export { readaheadBackends } from "./readahead/backends.js";
export { everyWindow, type Knob, knobs, readaheadProfiles, settingsOf } from "./readahead/profiles.js";
