/** A directed graph: each node with the nodes that it points to. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** All nodes that can be reached from a node. It is among them only if it is on a circle. */
function reachable(graph: Graph, from: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const next = [...(graph.get(from) ?? [])];
  for (let node = next.pop(); node !== undefined; node = next.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    next.push(...(graph.get(node) ?? []));
  }
  return seen;
}

/** The nodes that can be reached from themselves. */
export function onCircles(graph: Graph): string[] {
  return [...graph.keys()].filter((node) => reachable(graph, node).has(node));
}
