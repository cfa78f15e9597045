import { describe, expect, it } from 'vitest';
import { campaignEvents } from '../../../src/domain/campaign-events/index.js';
import { createCampaignEvents } from '../../../src/domain/campaign-events/registry.js';
import { saleSubscription } from '../../../src/domain/campaign-events/sale-subscription.js';
import { signup } from '../../../src/domain/campaign-events/signup.js';

describe('the registry of campaign events', () => {
  it('finds an event by its id', () => {
    expect(createCampaignEvents([signup, saleSubscription]).get('sale_subscription')).toBe(saleSubscription);
  });

  it('refuses two events of one id', () => {
    expect(() => createCampaignEvents([signup, { ...saleSubscription, id: 'signup' }])).toThrow(
      'two campaign events share an id',
    );
  });

  it('throws on an unknown id, naming the known ones', () => {
    expect(() => createCampaignEvents([signup, saleSubscription]).get('renewal')).toThrow(
      expect.objectContaining({
        name: 'DomainError',
        code: 'unknown_campaign_event',
        message: 'There is no campaign event "renewal". Known: signup, sale_subscription.',
      }),
    );
  });

  it.each(['constructor', '__proto__', 'toString'])('does not know the inherited name %s', (id) => {
    expect(() => campaignEvents.get(id)).toThrow(expect.objectContaining({ code: 'unknown_campaign_event' }));
  });

  it('of the service has the signup and the sale of a subscription', () => {
    expect(campaignEvents.ids).toEqual(['signup', 'sale_subscription']);
  });
});
