export { argvOf, type Backend, backendNames, builtInBackend, commandBackend } from "./backend.js";
export { serve } from "./served-mount.js";
