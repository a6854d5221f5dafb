package chaos

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
)

// doubled looks for what was done twice and may not be, where no constraint of the base holds it:
// mails that the server took, what the bank was handed, what people did once. cuts is how often who
// sends, or the base, was killed: each time one mail at most may have left without being written
// down, and leaves again under the same Message-ID (I23).
func (k *stack) doubled(cuts int) {
	k.Helper()
	if n := k.surplus() - k.twice; n > cuts {
		k.Errorf("%d mails left more than once, %d cuts explain one each", n, cuts)
	}
	k.handedOnce()
	for what, query := range map[string]string{
		"steps of people": `SELECT count(*) FROM (SELECT 1 FROM passage p JOIN dossier d ON p.objet = 'dossier/' || d.id
			WHERE d.intitule LIKE $1 AND p.verdict = 'applique' AND p.acte_id IS NOT NULL GROUP BY p.objet, p.type HAVING count(*) > 1) x`,
		"mails of those steps": `SELECT count(*) FROM (SELECT 1 FROM courrier c JOIN passage p USING (objet, rang) JOIN dossier d ON p.objet = 'dossier/' || d.id
			WHERE d.intitule LIKE $1 AND p.acte_id IS NOT NULL GROUP BY c.objet, c.evenement, c.pour, c.detail HAVING count(*) > 1) x`,
		"promises of money": `SELECT count(*) FROM (SELECT 1 FROM ecriture e JOIN dossier d ON d.id = e.dossier
			WHERE d.intitule LIKE $1 AND e.compte = 'ENGAGE' AND e.montant > 0 GROUP BY e.dossier HAVING count(*) > 1) x`,
	} {
		if n := one[int](k, query, intitule+"%"); n > 0 {
			k.Errorf("%d %s were made twice", n, what)
		}
	}
}

// surplus counts the mails that the server took beyond the first of each Message-ID.
func (k *stack) surplus() (n int) {
	k.Helper()
	req, err := http.NewRequestWithContext(k.Context(), http.MethodGet, k.mail+"/api/messages", nil)
	if err != nil {
		k.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		k.Fatal(err)
	}
	defer res.Body.Close()
	var mails []struct {
		MessageID string `json:"message_id"`
	}
	if err := json.NewDecoder(res.Body).Decode(&mails); err != nil || res.StatusCode != http.StatusOK || len(mails) == 0 {
		k.Fatalf("the mail server lists %d mails: %s, %v", len(mails), res.Status, err)
	}
	seen := map[string]bool{}
	for _, m := range mails {
		if m.MessageID == "" || seen[m.MessageID] {
			n++
		}
		seen[m.MessageID] = true
	}
	return n
}

var transfer = regexp.MustCompile(`<(?:MsgId|EndToEndId)>[^<]+<`)

// handedOnce wants each message to the bank, and each transfer, in one file that it was handed.
func (k *stack) handedOnce() {
	k.Helper()
	files, err := filepath.Glob(filepath.Join(k.cfg.Banque, "emis", "*.xml"))
	if err != nil {
		k.Fatal(err)
	}
	seen := map[string]string{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			k.Fatal(err)
		}
		for _, id := range transfer.FindAllString(string(b), -1) {
			if first, twice := seen[id]; twice {
				k.Errorf("%s was handed to the bank in %s and in %s", id, filepath.Base(first), filepath.Base(f))
			}
			seen[id] = f
		}
	}
}
