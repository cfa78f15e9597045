import type { FieldError } from './answers.js';
import type { Item } from './items.js';

type Fields = ReadonlyMap<string, string>;

/** How a request spells the fields of its items. */
interface ItemForm {
  nameOf: (part: string, index: number) => string;
  /** Which fields are those of items. */
  family: RegExp;
  /** Which of them the sandbox knows, with the index as its group. */
  known: RegExp;
  amountPart: string;
}

/**
 * "(e.g., ItemSku1, ItemSku2)" [v14 Conversions OpenAPI]. An item's price may be its ItemPrice too, and Impact knows more fields
 * of an item. The sandbox takes those that this service sends, with the v14 spelling of ItemSubTotal.
 */
export const CONVERSION_ITEMS: ItemForm = {
  nameOf: (part, index) => `Item${part}${index}`,
  family: /^Item/,
  known: /^Item(?:Sku|Category|Name|Quantity|SubTotal)([1-9]\d*)$/,
  amountPart: 'SubTotal',
};

/** "For bulk item updates use indexed params (Sku, Sku2, Sku3, etc.)" [v14 Actions OpenAPI]: the first one has no number. */
export const CHANGED_ITEMS: ItemForm = {
  nameOf: (part, index) => (index === 1 ? part : `${part}${index}`),
  family: /^(Sku|Category|Quantity|Amount)\d*$/,
  known: /^(?:Sku|Category|Quantity|Amount)([2-9]|[1-9]\d+)?$/,
  amountPart: 'Amount',
};

export function hasItems(fields: Fields, form: ItemForm): boolean {
  return itemFields(fields, form).length > 0;
}

/** Items whose fields have no errors. */
export function readItems(fields: Fields, form: ItemForm): Item[] {
  const items: Item[] = [];
  if (!hasItems(fields, form)) return items;
  for (let index = 1; fields.get(form.nameOf('Sku', index)); index++) {
    const read = (part: string) => fields.get(form.nameOf(part, index)) ?? '';
    items.push({
      sku: read('Sku'),
      category: read('Category'),
      ...(read('Name') && { name: read('Name') }),
      quantity: Number(read('Quantity')),
      amount: Number(read(form.amountPart)),
    });
  }
  return items;
}

/**
 * "Item-level fields … become required when reporting at the item level" [v14 Conversions OpenAPI], and of a change
 * "[Category]: For item-level modifications, include for each item" [v14 Actions OpenAPI].
 */
export function* itemErrors(fields: Fields, form: ItemForm): Iterable<FieldError> {
  const indexes = new Set<number>();
  for (const field of itemFields(fields, form)) {
    const match = form.known.exec(field);
    if (match) indexes.add(Number(match[1] ?? 1));
    else yield { field, message: 'The sandbox knows no such field of an item' };
  }
  const skus = new Set<string>();
  for (const index of indexes) {
    for (const part of ['Sku', 'Category', 'Quantity', form.amountPart]) {
      const field = form.nameOf(part, index);
      if (!fields.get(field)) yield { field, message: 'Required for each item' };
    }
    const field = form.nameOf('Sku', index);
    if (index > indexes.size) yield { field, message: 'Items are numbered from 1 without gaps' };
    // Inferred: a later change names an item by its SKU alone.
    const sku = fields.get(field);
    if (sku && skus.has(sku)) yield { field, message: 'Another item has this SKU' };
    if (sku) skus.add(sku);
  }
}

/** An empty value counts as not sent, and an Amount alone is the whole order's. */
function itemFields(fields: Fields, { family }: ItemForm): string[] {
  const names = [...fields]
    .filter(([name, value]) => family.test(name) && value !== '')
    .map(([name]) => name);
  return names.every((name) => name === 'Amount') ? [] : names;
}
