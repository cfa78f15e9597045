interface Ordered {
  orderId: string | undefined;
}

/** Entries in the order of arrival, and those of one order without looking through all of them. */
export function createOrderIndex<Entry extends Ordered>() {
  const all = new Set<Entry>();
  const byOrder = new Map<string | undefined, Entry[]>();

  function add(entry: Entry): void {
    all.add(entry);
    const siblings = byOrder.get(entry.orderId);
    if (siblings) siblings.push(entry);
    else byOrder.set(entry.orderId, [entry]);
  }

  function remove(entry: Entry): void {
    all.delete(entry);
    const rest = byOrder.get(entry.orderId)?.filter((sibling) => sibling !== entry) ?? [];
    if (rest.length > 0) byOrder.set(entry.orderId, rest);
    else byOrder.delete(entry.orderId);
  }

  return {
    add,
    remove,
    /** Of one order, or all. */
    of: (orderId?: string): Entry[] => [...(orderId === undefined ? all : (byOrder.get(orderId) ?? []))],

    clear(orderId?: string): void {
      if (orderId === undefined) {
        all.clear();
        byOrder.clear();
      } else {
        for (const entry of byOrder.get(orderId) ?? []) all.delete(entry);
        byOrder.delete(orderId);
      }
    },
  };
}
