export { gatherEvidence } from "./claims/gather.js";
export { requestOf } from "./claims/run-study.js";
export { type StudyName, studyNames } from "./claims/studies.js";
export type { StudySize } from "./claims/study.js";
export { readaheadBackends } from "./readahead/backends.js";
export { everyWindow, knobs, readaheadProfiles, settingsOf } from "./readahead/profiles.js";
