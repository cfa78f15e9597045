const aliases = new Map([
  // "the preferred parameter name is OrderId, however, Oid is still supported"; "CurrencyCode is the preferred
  // parameter name": https://integrations.impact.com/impact-brand/docs/order-level-data
  ['Oid', 'OrderId'],
  ['Currency', 'CurrencyCode'],
  // "Functionally identical": https://integrations.impact.com/impact-brand/reference/the-conversion-object
  ['EventTypeId', 'ActionTrackerId'],
  // https://integrations.impact.com/impact-brand/docs/attribution-data
  ['PromoCode', 'OrderPromoCode'],
]);

export function canonicalName(name: string): string {
  // ItemSubTotal in the v14 OpenAPI, ItemSubtotal in https://integrations.impact.com/impact-brand/docs/item-level-data
  return aliases.get(name) ?? name.replace(/^ItemSubtotal(?=\d+$)/, 'ItemSubTotal');
}
