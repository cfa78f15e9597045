import { describe, expect, it } from 'vitest';
import { conversionId, conversionIdOf, workflowId } from '../../src/domain/conversion.js';

describe('a conversion id', () => {
  it('is the event and its key', () => {
    expect(conversionId('sale_subscription', 'A-1001')).toBe('sale_subscription:A-1001');
  });

  it('keeps a key with colons and slashes as it is', () => {
    expect(conversionId('sale_subscription', 'shop:1/2')).toBe('sale_subscription:shop:1/2');
  });
});

describe('a workflow id', () => {
  it('is a path of event and key', () => {
    expect(workflowId('signup:665f1c')).toBe('conversion/signup/665f1c');
  });

  it('keeps the colons of the key, so that no two conversions share one', () => {
    expect(workflowId('sale_subscription:a:b')).toBe('conversion/sale_subscription/a:b');
  });
});

describe('the conversion of a workflow', () => {
  it.each(['signup:665f1c', 'sale_subscription:a:b/c'])('is read back from its id: %s', (id) => {
    expect(conversionIdOf(workflowId(id))).toBe(id);
  });

  it.each(['affiliate-audit', 'other/signup/x', 'conversion/signup'])('is none for %s', (id) => {
    expect(conversionIdOf(id)).toBeUndefined();
  });
});
