export { Calibrator } from "./calibrate.js";
