export { argvOf, type Backend, backendNames, builtInBackend, commandBackend, ownBackend, withOptions } from "./backend.js";
export { mountDaemon } from "./mounted-daemon.js";
export { serve } from "./served-mount.js";
