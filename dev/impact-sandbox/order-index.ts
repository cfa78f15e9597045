interface Ordered {
  orderId: string | undefined;
}

/** Entries in the order of arrival, and those of one order without looking through all of them. */
export function createOrderIndex<Entry extends Ordered>() {
  const all = new Set<Entry>();
  const byOrder = new Map<string | undefined, Set<Entry>>();

  function of(orderId?: string): Entry[] {
    return [...(orderId === undefined ? all : (byOrder.get(orderId) ?? []))];
  }

  function add(entry: Entry): void {
    all.add(entry);
    const siblings = byOrder.get(entry.orderId) ?? new Set();
    byOrder.set(entry.orderId, siblings.add(entry));
  }

  function remove(entry: Entry): void {
    all.delete(entry);
    const siblings = byOrder.get(entry.orderId);
    siblings?.delete(entry);
    if (siblings?.size === 0) byOrder.delete(entry.orderId);
  }

  return {
    /** Of one order, or all. */
    of,
    add,
    remove,
    clear(orderId?: string): void {
      for (const entry of of(orderId)) remove(entry);
    },
  };
}
