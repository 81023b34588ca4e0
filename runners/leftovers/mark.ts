/** The environment variable that marks a started process and all that descends from it. Its value is the start's own. */
export const MARK = "FUSEMETER_STARTED_AS";
