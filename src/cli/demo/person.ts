/**
 * The one person of the demo. The e-mail is of a reserved domain, the phone number of the range that France keeps for fiction.
 * WhatsApp knows a phone number only, so one of the other APIs has to give both.
 */
export const person = {
  firstName: 'John',
  lastName: 'Locke',
  email: 'john.locke@example.com',
  phone: '+33639980123',
};
