import {
  abandonedProduct,
  eventSchema,
  orderAmount,
  orderLine,
  productProperties,
  reviewedProductProperties,
} from '../event-shapes.ts';
import {
  amount,
  choice,
  closedObject,
  dateTime,
  integer,
  listOf,
  nullable,
  number,
  text,
  url,
} from '../json-schema.ts';

const productInCart = { ...productProperties, quantity: number, unitOfMeasure: nullable(text) };

const reward = { rewardAmount: amount, rewardTypeId: text, rewardDescription: text, rewardType: text };

const couponDelivery = closedObject({ id: text, name: text, description: text }, ['id']);

/** Products, carts, orders, rewards and coupons. */
export const commerceEvents = {
  abandonedCart: eventSchema('The customer filled a cart and left without ordering.', {
    orderId: text,
    abandonedCartUrl: url,
    storeCode: text,
    amount: orderAmount,
    products: listOf(orderLine),
  }),
  abandonedSession: eventSchema('The customer looked at products and left the session.', {
    abandonedSessionUrl: url,
    products: listOf(abandonedProduct),
  }),
  addedCompare: eventSchema('The customer added a product to a comparison.', productProperties),
  removedCompare: eventSchema('The customer took a product out of a comparison.', productProperties),
  addedWishlist: eventSchema('The customer added a product to a wish list.', productProperties),
  removedWishlist: eventSchema('The customer took a product off a wish list.', productProperties),
  addedProduct: eventSchema('The customer put a product into the cart.', productInCart),
  removedProduct: eventSchema('The customer took a product out of the cart.', productInCart),
  viewedProduct: eventSchema('The customer looked at a product.', productProperties),
  reviewedProduct: eventSchema('The customer reviewed a product.', {
    ...reviewedProductProperties,
    rating: text,
  }),
  viewedProductCategory: eventSchema('The customer looked at a category of products.', { category: text }),
  addedReward: eventSchema('The customer was given a reward.', reward, ['rewardAmount', 'rewardTypeId']),
  removedReward: eventSchema('The customer lost a reward.', reward, ['rewardAmount', 'rewardTypeId']),
  completedOrder: eventSchema('The customer completed an order.', {
    orderId: text,
    type: choice(['sale', 'return', 'sale-return']),
    storeCode: text,
    paymentMethod: choice(['cash', 'creditcard', 'debitcard', 'paypal', 'other']),
    shippingMethod: text,
    amount: orderAmount,
    products: listOf(orderLine),
  }),
  orderShipped: eventSchema('The products of an order were shipped to the customer.', {
    orderId: text,
    type: text,
    carrier: text,
    trackingCode: text,
    trackingUrl: url,
    weight: number,
    packages: integer,
  }),
  grantedCoupon: eventSchema(
    'The customer was granted a coupon.',
    {
      code: text,
      startValidityDate: dateTime,
      redeemDate: dateTime,
      redemptionDate: dateTime,
      totalAmount: amount,
      redeemedAmount: amount,
      remainingAmount: amount,
      campaignId: text,
      campaignName: text,
      campaignDescription: text,
      status: text,
      type: text,
      deliveryChannel: couponDelivery,
      deliveryMedium: couponDelivery,
      category: listOf(text),
    },
    ['startValidityDate', 'totalAmount'],
  ),
};
