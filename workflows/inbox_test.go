package workflows_test

import (
	"testing"

	"pgregory.net/rapid"

	"guichet/workflows"
)

// Whatever the order and the number of deliveries, each message comes out once
// and in order.
func TestInboxOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "n")
		livraisons := rapid.SliceOfN(rapid.Int64Range(1, int64(n)), 0, 3*n).Draw(t, "deliveries")
		for i := range n {
			livraisons = append(livraisons, int64(i+1)) // the relay sends all again in the end
		}
		b := workflows.Inbox{Prochain: 1}
		var sortis []int64
		for _, seq := range livraisons {
			b.Offrir(workflows.Message{Seq: seq})
			for m, ok := b.Voir(); ok; m, ok = b.Voir() {
				sortis = append(sortis, m.Seq)
				b.Prendre()
			}
		}
		if len(sortis) != n || len(b.EnAvance) != 0 {
			t.Fatalf("got %v and %d kept, want 1..%d and none", sortis, len(b.EnAvance), n)
		}
		for i, s := range sortis {
			if s != int64(i+1) {
				t.Fatalf("got %v, want 1..%d", sortis, n)
			}
		}
	})
}
