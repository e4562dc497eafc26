import * as OTPAuth from "otpauth";

/** The six digits that an authenticator app shows for this secret (base32) at a moment, by RFC 6238. */
export const totpCode = (secret: string, timestamp = Date.now()) =>
  new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromBase32(secret) }).generate({ timestamp });
