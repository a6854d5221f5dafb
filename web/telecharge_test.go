package web_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// recevoir uses a button or a link that gives a file, and returns what the browser kept.
func (m mains) recevoir(sel string) string {
	m.t.Helper()
	dossier := m.t.TempDir()
	m.faire(chromedp.Func(func(ctx context.Context, tg *chromedp.Target) error {
		_, err := cdp.Call(ctx, tg, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{Behavior: browser.SetDownloadBehaviorBehaviorAllow,
			BrowserContextID: chromedp.FromContext(m.ctx).BrowserContextID, DownloadPath: dossier})
		return err
	}))
	m.presser(sel, "")
	for fin := time.Now().Add(attenteMax); time.Now().Before(fin); time.Sleep(25 * time.Millisecond) {
		recus, err := filepath.Glob(filepath.Join(dossier, "*"))
		if err != nil {
			m.t.Fatal(err)
		}
		if len(recus) != 1 || strings.HasSuffix(recus[0], ".crdownload") || strings.HasPrefix(filepath.Base(recus[0]), ".") {
			continue
		}
		if b, err := os.ReadFile(recus[0]); err == nil && len(b) > 0 {
			return string(b)
		}
	}
	m.t.Fatalf("%s gives no file", sel)
	return ""
}
