/** Entries in the order of arrival, all of them or those of one order. */
export function createByOrder<Entry extends { orderId: string | undefined }>() {
  const all: Entry[] = [];
  const byOrder = new Map<string | undefined, Entry[]>();
  return {
    add(entry: Entry): void {
      all.push(entry);
      const siblings = byOrder.get(entry.orderId);
      if (siblings) siblings.push(entry);
      else byOrder.set(entry.orderId, [entry]);
    },
    of: (orderId?: string): readonly Entry[] => (orderId === undefined ? all : (byOrder.get(orderId) ?? [])),
  };
}
