/** The environment variable by which a started process, and all that descends from it, is found again. */
export const MARK = "FUSEMETER_STARTED_AS";
