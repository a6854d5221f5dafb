package workflows

import (
	"testing"
	"time"
)

func TestSansCesse(t *testing.T) {
	maintenant, pas := time.Now(), 20*time.Second
	for _, tt := range []struct {
		name  string
		avant []time.Duration
		cesse bool
	}{
		{"never away", nil, false},
		{"one restart, just now", []time.Duration{5 * time.Second, 4 * time.Second}, false},
		{"one restart, a while ago", []time.Duration{30 * time.Second, 29 * time.Second}, false},
		{"again and again", []time.Duration{25 * time.Second, 3 * time.Second}, true},
		{"long ago, and now", []time.Duration{50 * time.Second, 3 * time.Second}, false},
	} {
		var absences []time.Time
		for _, d := range tt.avant {
			absences = append(absences, maintenant.Add(-d))
		}
		if got := sansCesse(absences, maintenant, pas); got != tt.cesse {
			t.Errorf("%s: got %v", tt.name, got)
		}
	}
}
