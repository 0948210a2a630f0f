/**
 * The `properties` of the vendor's own schemas (docs/spec/contacthub.md C, NETJ), member by member, in the words of schema-text.ts.
 * Those that every type has, `extended` and `extraProperties`, are left out.
 */
type Members = readonly string[];

const reviewed: Members = [
  'category [text]',
  'classifications [{key* text, value* text}]',
  'id text',
  'imageUrl text:uri',
  'linkUrl text:uri',
  'name text',
  'price number',
  'shortDescription text',
  'sku text',
];
const product: Members = [...reviewed, 'itemQuantity number|null', 'vendor text|null', 'weight number|null'];
const inCart: Members = [...product, 'quantity number', 'unitOfMeasure text|null'];

const line =
  '{category [text], classifications [{key* text, value* text}], coupon text, discount number, extended {…}|null, id text, ' +
  'imageUrl text:url, itemQuantity number|null, linkUrl text:url, name text, orderLineId integer, price number, quantity number, ' +
  'shortDescription text, sku text, subtotal number, tax number, type sale/return, unitOfMeasure text|null, vendor text|null, ' +
  'weight number|null}';
const leftProduct =
  '{category [text], classifications [{key* text, value* text}], id text, imageUrl text:url, itemQuantity number|null, ' +
  'linkUrl text:url, name text, price number, shortDescription text, sku text, unitOfMeasure text|null, vendor text|null, ' +
  'weight number|null}';
const amount =
  'amount {discount number, local {currency one of 161, exchangeRate number}, revenue number, shipping number, tax number, ' +
  'total number}';
const order: Members = ['orderId text', 'storeCode text', amount, `products [${line}]`];

const channel = 'channel SMS/EMAIL/PUSH/FAX';
const channelWithMessaging = `${channel}/IM`;
const campaign: Members = [
  'campaignId text',
  'campaignName text',
  'campaignSubject text',
  'campaignTags [text]',
  'listId text',
  'listName text',
  'mailDomain text',
  'recipient text',
  'sendImmediateId text',
  'subscriberId text',
  'userdbId integer',
];
const onDevice: Members = [
  ...campaign,
  channel,
  'isMobile integer',
  'isTablet integer',
  'isWirelessDevice integer',
];
const subscribed: Members = [
  channelWithMessaging,
  'channelType text',
  'listId text',
  'listName text',
  'subscriberId text',
];
const shownProduct =
  '{category [text], classifications [{key* text, value* text}], extraProperties object, id* text, imageUrl text:url, ' +
  'itemQuantity number>=0|null, linkUrl text:url, name text, price number>=0, shortDescription text, sku text, vendor text|null, ' +
  'weight number>=0|null, …}';
const content =
  `{currency one of 161, description text, imgUrl text:url, name text, price number>=0, products [${shownProduct}], subType text, ` +
  'tags [text], type* CONTENT/IMG/OTHER, url text:url}';

const location =
  'address {city text|null, country text|null, geo {lat* number>=-90, lon* number>=-180}|null, province text|null, ' +
  'region text|null, street text|null, zip text|null}|null, id text, name text, ' +
  'type STORE/VENUE/STADIUM/MUSEUM/HEADQUARTERS/PALACE/CLUB/ROOM/OTHER|null';
const occasionAt = (eventLocation: string): Members => [
  'eventDate text:date-time',
  'eventId text',
  `eventLocation ${eventLocation}|null`,
  'eventName text',
  'eventType text',
];
const occasion = occasionAt(`{${location}, …}`);

const visited: Members = ['path text', 'referer text', 'search text', 'title text', 'url text:uri'];
const ticket: Members = ['category [text]', 'subject text', 'text text', 'ticketId text'];
const service: Members = [
  'endDate text:date-time',
  'serviceId text',
  'serviceName text',
  'serviceType text',
  'startDate text:date-time',
  'subscriberId text',
];
const reward: Members = [
  'rewardAmount* number>=0',
  'rewardDescription text',
  'rewardType text',
  'rewardTypeId* text',
];
const delivery = '{description text, id* text, name text}';
const form: Members = ['data object', 'formId text', 'formName text'];

export const vendorProperties: Readonly<Record<string, Members>> = {
  abandonedCart: [...order, 'abandonedCartUrl text:url'],
  abandonedSession: ['abandonedSessionUrl text:url', `products [${leftProduct}]`],
  addedCompare: product,
  addedProduct: inCart,
  addedReward: reward,
  addedWishlist: product,
  campaignBlacklisted: onDevice,
  campaignBounced: onDevice,
  campaignLinkClicked: [...onDevice, 'linkId text', 'linkTags [text]', 'linkUrl text:uri'],
  campaignMarkedSpam: onDevice,
  campaignOpened: onDevice,
  campaignOptinRequested: [
    ...subscribed,
    'invitationChannel SMS/EMAIL/PUSH/FAX/IM',
    'invitationChannelType text',
  ],
  campaignSent: [...campaign, channelWithMessaging, 'channelType text', `contents [${content}]`],
  campaignSubscribed: subscribed,
  campaignUnsubscribed: [...campaign, channelWithMessaging, 'channelType text'],
  changedSetting: [
    'newValue text',
    'oldValue text',
    'setting LANGUAGE/TIMEZONE/CURRENCY/EMAIL/PASSWORD/USERNAME/OTHER',
  ],
  clickedLink: [...visited, 'linkTags [text]'],
  closedTicket: ticket,
  completedOrder: [
    ...order,
    'paymentMethod cash/creditcard/debitcard/paypal/other',
    'shippingMethod text',
    'type sale/return/sale-return',
  ],
  eventConfirmed: occasion,
  eventDeclined: occasion,
  eventEligible: occasion,
  eventInvited: occasion,
  eventNoShow: occasion,
  eventNotInvited: occasionAt(`{${location}}`),
  eventParticipated: [
    ...occasion,
    'checkIn text:date-time',
    'checkOut text:date-time',
    'host {contacts {email text:email, mobilePhone text, phone text}, firstName text, lastName text, title text}',
  ],
  eventRegistered: occasion,
  formCompiled: form,
  genericActiveEvent: ['name text'],
  genericPassiveEvent: ['name text'],
  grantedCoupon: [
    'campaignDescription text',
    'campaignId text',
    'campaignName text',
    'category [text]',
    'code text',
    `deliveryChannel ${delivery}`,
    `deliveryMedium ${delivery}`,
    'redeemDate text:date-time',
    'redeemedAmount number>=0',
    'redemptionDate text:date-time',
    'remainingAmount number>=0',
    'startValidityDate* text:date-time',
    'status text',
    'totalAmount* number>=0',
    'type text',
  ],
  loggedIn: [],
  loggedOut: [],
  openedTicket: ticket,
  orderShipped: [
    'carrier text',
    'orderId text',
    'packages integer',
    'trackingCode text',
    'trackingUrl text:url',
    'type text',
    'weight number',
  ],
  removedCompare: product,
  removedProduct: inCart,
  removedReward: reward,
  removedWishlist: product,
  repliedTicket: ticket,
  reviewedProduct: [...reviewed, 'rating text'],
  searched: ['keyword text', 'resultCount integer'],
  serviceSubscribed: service,
  serviceUnsubscribed: service,
  // Of no source: as formCompiled (ruling 6).
  surveyCompiled: form,
  viewedPage: [...visited, 'pageCategories [text]', 'pageTags [text]'],
  viewedProduct: product,
  viewedProductCategory: ['category text'],
};
