export { gatherEvidence } from "./claims/gather.js";
export { requestOf, type StudySize } from "./claims/run-studies.js";
export { readaheadBackends } from "./readahead/backends.js";
export { everyWindow, knobs, readaheadProfiles, settingsOf } from "./readahead/profiles.js";
