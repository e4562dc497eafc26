/** The address that dials a number as people read it: "086-000-0000", "#8000". */
export const telephoneLink = (number: string): string => `tel:${number.replaceAll("-", "").replace("#", "%23")}`;
