/** Label and description of each base property that a workspace can switch off (docs/spec/contacthub.md B, 41 names). */
const basePropertyTable = {
  address: ['Address', 'The address of the customer'],
  'address.city': ['City', 'The city of the address'],
  'address.country': ['Country', 'The country of the address'],
  'address.geo': ['Geographic location', 'The geographic location of the address'],
  'address.geo.lat': ['Latitude', 'The latitude of the address, in degrees'],
  'address.geo.lon': ['Longitude', 'The longitude of the address, in degrees'],
  'address.province': ['Province', 'The province of the address'],
  'address.street': ['Street', 'The street of the address'],
  'address.zip': ['Zip code', 'The postal code of the address'],
  'address.region': ['Region', 'The region of the address'],
  contacts: ['Contacts', 'The ways to reach the customer'],
  'contacts.email': ['Email', 'The e-mail address of the customer'],
  'contacts.fax': ['Fax number', 'The fax number of the customer'],
  'contacts.mobileDevices': ['Mobile devices', 'The mobile devices of the customer'],
  'contacts.mobilePhone': ['Mobile number', 'The mobile phone number of the customer'],
  'contacts.otherContacts': ['Other contacts', 'Further ways to reach the customer'],
  'contacts.phone': ['Phone number', 'The phone number of the customer'],
  credential: ['Credential', 'What the customer logs in with'],
  'credential.password': ['Password', 'The password of the customer'],
  'credential.username': ['User name', 'The user name of the customer'],
  dob: ['Date of birth', 'The date of birth of the customer'],
  educations: ['Educations', 'The schools that the customer went to'],
  firstName: ['First name', 'The first name of the customer'],
  gender: ['Gender', 'The gender of the customer'],
  jobs: ['Jobs', 'The jobs of the customer'],
  lastName: ['Last name', 'The last name of the customer'],
  likes: ['Likes', 'What the customer likes'],
  locale: ['Locale', 'The language and the region of the customer'],
  middleName: ['Middle name', 'The middle name of the customer'],
  pictureUrl: ['Picture', 'The address of a picture of the customer'],
  prefix: ['Prefix', 'What stands before the name of the customer'],
  socialProfile: ['Social profile', 'The social network profiles of the customer'],
  'socialProfile.facebook': ['Facebook', 'The Facebook profile of the customer'],
  'socialProfile.google': ['Google', 'The Google profile of the customer'],
  'socialProfile.instagram': ['Instagram', 'The Instagram profile of the customer'],
  'socialProfile.linkedin': ['LinkedIn', 'The LinkedIn profile of the customer'],
  'socialProfile.qzone': ['Qzone', 'The Qzone profile of the customer'],
  'socialProfile.twitter': ['Twitter', 'The Twitter profile of the customer'],
  subscriptions: ['Subscriptions', 'What the customer has subscribed to'],
  timezone: ['Time zone', 'The time zone of the customer'],
  title: ['Title', 'The professional or academic title of the customer'],
} as const satisfies Record<string, readonly [string, string]>;

export type BasePropertyName = keyof typeof basePropertyTable;

export interface BasePropertyDefinition {
  readonly name: BasePropertyName;
  readonly label: string;
  readonly description: string;
}

export const BASE_PROPERTY_NAMES = Object.keys(basePropertyTable) as BasePropertyName[];

/** The base properties that a workspace can switch off, by their dotted name. */
export const baseProperties: ReadonlyMap<BasePropertyName, BasePropertyDefinition> = new Map(
  BASE_PROPERTY_NAMES.map((name) => {
    const [label, description] = basePropertyTable[name];
    return [name, { name, label, description }];
  }),
);
