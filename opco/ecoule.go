package opco

import (
	"fmt"
	"time"
)

// Ecoule says how long something has lasted, to the unit that counts: « 42 s », « 3 h 27 », « 12 jours ».
// What has not begun has lasted nothing.
func Ecoule(d time.Duration) string {
	d = max(d, 0)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h %02d", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%d jours", int(d.Hours()/24))
}
