/** Someone went back, changed the words and sent them again under the key of the first sending. */

const sentence = "さきほどの内容は、もう届いています。書き直した内容も送るときは、もう一度ボタンを押してください。";

/**
 * The form as it should be shown then: everything kept, the used key dropped so that the next press
 * is a new request, and words for the person instead of the API's.
 */
export function withNewKey(form: App.Locals["form"]): App.Locals["form"] {
  if (form?.errors["key"] === undefined) return form;
  const { key: _key, ...values } = form.values;
  return { values, errors: { form: sentence } };
}
