package store

import "testing"

// TaillerPoignees has lots built by handfuls of n règlements until the test ends.
func TaillerPoignees(t *testing.T, n int) {
	t.Helper()
	avant := poigneeLot
	poigneeLot = n
	t.Cleanup(func() { poigneeLot = avant })
}
