// Package identite holds the proofs of who someone is, beside the password: codes
// of a telephone (TOTP) and recovery codes, passkeys, the sign-in of another
// provider (OIDC), the anti-robot step, and the sealing of their secrets at rest.
// It is values in and values out: package api calls it and shows its errors, the
// caller keeps what it returns, and it knows neither the database nor the pages.
// Only the provider of OIDC is reached through the network. Instants given to it
// are those of the real clock, never of the business clock: telephones, browsers
// and providers know no other.
package identite
