import { ControlServer } from "../control/index.js";
import type { LazyMount } from "../mount/index.js";
import { promote } from "./promote.js";

/** Serves the control socket of a lazy mount until it ends. */
export async function serveControl(lazy: LazyMount): Promise<void> {
  let promotion: Promise<void> | null = null;
  const server = await ControlServer.listen(lazy.store, {
    get status() {
      return lazy.status;
    },
    get reads() {
      return lazy.reads;
    },
    promote: () => {
      promotion ??= promote(lazy).catch((error: unknown) => {
        promotion = null;
        throw error;
      });
      return promotion;
    },
  });
  void lazy.ended.catch(() => {}).then(() => server.close());
}
