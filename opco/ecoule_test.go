package opco

import (
	"testing"
	"time"
)

func TestEcoule(t *testing.T) {
	for d, veut := range map[time.Duration]string{
		-time.Hour: "0 s", 59*time.Second + 900*time.Millisecond: "59 s", time.Minute: "1 min", 59*time.Minute + 59*time.Second: "59 min",
		time.Hour: "1 h 00", 3*time.Hour + 27*time.Minute: "3 h 27", 48*time.Hour - time.Second: "47 h 59", 48 * time.Hour: "2 jours", 24 * 400 * time.Hour: "400 jours",
	} {
		if dit := Ecoule(d); dit != veut {
			t.Errorf("%s: %q, want %q", d, dit, veut)
		}
	}
}
