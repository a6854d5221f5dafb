package main

import (
	"slices"
	"time"
)

// delays are how long answers took.
type delays []time.Duration

// quantile is the delay that a share q of the answers did not exceed.
func (d delays) quantile(q float64) time.Duration {
	if len(d) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(d))
	return s[min(len(s)-1, int(q*float64(len(s))))]
}
