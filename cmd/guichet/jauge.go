package main

import (
	"fmt"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
)

// cadenceJauge is how often a long work says where it is, elsewhere than on a terminal.
const cadenceJauge = 5 * time.Second

// jauge shows on standard error how far a long work is: a bar on a terminal, a line from
// time to time elsewhere. A total of 0 is not known.
func jauge() func(titre string, fait, total int64) {
	if i, err := os.Stderr.Stat(); err != nil || i.Mode()&os.ModeCharDevice == 0 {
		return jaugeEnLignes()
	}
	var bar *progressbar.ProgressBar
	titreVu := ""
	return func(titre string, fait, total int64) {
		if bar == nil || titre != titreVu {
			if bar != nil {
				fmt.Fprintln(os.Stderr)
			}
			titreVu = titre
			bar = progressbar.NewOptions64(total, progressbar.OptionSetDescription(titre), progressbar.OptionSetWidth(40),
				progressbar.OptionSetWriter(os.Stderr), progressbar.OptionShowCount(), progressbar.OptionSetElapsedTime(true))
		}
		if total > 0 {
			bar.ChangeMax64(total)
		}
		_ = bar.Set64(fait) // a bar that cannot be drawn stops nothing
		if total > 0 && fait >= total {
			fmt.Fprintln(os.Stderr)
			bar, titreVu = nil, ""
		}
	}
}

func jaugeEnLignes() func(titre string, fait, total int64) {
	debut, dit := time.Now(), time.Now()
	return func(titre string, fait, total int64) {
		if time.Since(dit) < cadenceJauge {
			return
		}
		dit = time.Now()
		if total == 0 {
			fmt.Fprintf(os.Stderr, "%s : %d faits en %s.\n", titre, fait, time.Since(debut).Round(time.Second))
			return
		}
		fmt.Fprintf(os.Stderr, "%s : %d sur %d en %s.\n", titre, fait, total, time.Since(debut).Round(time.Second))
	}
}
