// Package chaos breaks a running stack on purpose and checks what the product promises of
// it (issue of operations, « Show »): within a minute the console says what is stuck in the
// right words, in one line whatever the number of dossiers behind it; the action that it
// suggests heals it; then every invariant holds and nothing is lost or done twice. It is
// tests only: `make chaos` runs them, on a stack of their own.
//
// A fault is a value of type fault, tried by contract. A test that needs a fault which
// comes and goes under traffic takes the pieces by themselves: openStack, kill and restart,
// launch, bring and check.
package chaos
