export { argvOf, type Backend, backendNames, builtInBackend, commandBackend, ownBackend } from "./backend.js";
export { serve } from "./served-mount.js";
