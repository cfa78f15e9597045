/** A history with its payloads as text: its own JSON has their data in Base64. */
export function legible(history: object): string {
  return JSON.stringify(history, (key, value) =>
    key === 'data' && typeof value === 'string' ? Buffer.from(value, 'base64').toString() : value,
  );
}
