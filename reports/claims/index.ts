export { type ClaimId, claims } from "./claims.js";
export { type LedgerRow, ledger } from "./ledger.js";
