export { type ClaimId, claims } from "./claims.js";
export { type ClaimRow, claimsReport } from "./claims-report.js";
