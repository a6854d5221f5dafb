package scenario

import (
	"context"
	_ "embed" // the demonstration
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"guichet/opco"
)

//go:embed demo/demonstration.yaml
var demonstration string

// demoDays is how long ago the demonstration begins: it ends today.
const demoDays = 203

// firstBareme is the first day that the barème of the demonstration covers.
const firstBareme opco.Date = "2026-01-05"

// DemoAccounts are the accounts of the demonstration, all with one password.
var DemoAccounts = []string{"e1", "e2", "e3", "e4", "e5", "of1", "of2", "of3", "of4", "gestionnaire", "gestionnaire2", "conseiller",
	"conseiller2", "responsable", "comptable", "comptable2", "controleur", "auditeur", "ops", "admin", "admin2"}

// DemoRow is a dossier of the demonstration.
type DemoRow struct {
	ID         string       `json:"id"`
	Numero     string       `json:"numero"`
	Entreprise string       `json:"entreprise"`
	Organisme  string       `json:"organisme_nom"`
	Intitule   string       `json:"intitule"`
	Demande    opco.Montant `json:"demande"`
	Accorde    opco.Montant `json:"accorde"`
	Paye       opco.Montant `json:"paye"`
	Etat       opco.Etat    `json:"etat"`
	Libelle    string       `json:"libelle"`
	DeposeLe   time.Time    `json:"depose_le"`
	ModifieLe  time.Time    `json:"modifie_le"`
	Jours      int          `json:"-"` // of business time, from the dépôt to the last step
	Lettres    []string     `json:"-"` // addresses of its letters, PDF
}

// Demo is what the demonstration shows.
type Demo struct {
	Rows   []DemoRow
	Lots   []string // ids of the lots sent to the bank
	Played bool     // false: it was there already
	Whole  bool     // false: an earlier demonstration was interrupted
}

// Demonstrate plays the demonstration with the demo accounts, unless its
// dossiers are already there, and returns what to show of it. progress is told
// each step. Business time then is real time again.
func (r *Runner) Demonstrate(ctx context.Context, progress func(done, total int)) (*Demo, error) {
	w, script, err := r.openDemo(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := w.demoRows(ctx, script)
	if err != nil {
		return nil, err
	}
	d := &Demo{Whole: true}
	if len(rows) == 0 {
		d.Played = true
		if err := w.playDemo(ctx, script, progress); err != nil {
			return nil, err
		}
		if rows, err = w.demoRows(ctx, script); err != nil {
			return nil, err
		}
	}
	d.Rows = rows
	d.Whole = len(rows) == len(script.created())
	d.Lots, err = w.demoLots(ctx)
	return d, err
}

// openDemo opens a session for each demo account.
func (r *Runner) openDemo(ctx context.Context) (*world, *Script, error) {
	script, err := readDemo(time.Now())
	if err != nil {
		return nil, nil, err
	}
	w := newWorld(r, script.File)
	r.staff = map[string]*account{}
	for _, key := range DemoAccounts {
		a := &account{key: key, identifiant: key}
		if a.token, err = r.client.login(ctx, key, r.cfg.Password); err != nil {
			return nil, nil, err
		}
		r.staff[key] = a
	}
	r.admin = r.staff["admin"].token
	r.bank = newBank(r)
	for _, key := range words(demoOrgs) {
		o := demoOrgs[key]
		w.orgs[key] = &o
		a := r.staff[strings.ToLower(key)]
		a.sirets = o.SIRETs
		w.users[a.key] = a
	}
	return w, script, nil
}

// login opens a session; its cookie then goes with each request.
func (c *client) login(ctx context.Context, identifiant, password string) (string, error) {
	body := map[string]string{"identifiant": identifiant, "mot_de_passe": password}
	rep, err := c.do(ctx, request{method: http.MethodPost, path: "/api/session", body: body})
	if err != nil {
		return "", err
	}
	b := browser{}
	b.keep(rep.cookies)
	if rep.status != http.StatusOK || !b.session() {
		return "", fmt.Errorf("le compte « %s » n’ouvre pas de session : %w", identifiant, rep.refusal("POST /api/session"))
	}
	return b.token(), nil
}

func (w *world) playDemo(ctx context.Context, s *Script, progress func(done, total int)) error {
	for _, e := range s.MiseEnPl.Enveloppes {
		o, err := w.org(e.Entreprise)
		if err != nil {
			return err
		}
		if err := w.openEnvelope(ctx, o, e); err != nil {
			return err
		}
	}
	if err := w.r.bank.mute(); err != nil {
		return err
	}
	defer func() { _ = w.r.bank.restore() }() // the simulated bank then answers by itself again
	for i, step := range s.Etapes {
		progress(i, len(s.Etapes))
		if err := w.play(ctx, []Step{step}); err != nil {
			return fmt.Errorf("la démonstration s’est arrêtée : %w", err)
		}
	}
	if now := time.Now(); now.After(w.now) {
		if err := w.moveClock(ctx, now); err != nil {
			return err
		}
	}
	progress(len(s.Etapes), len(s.Etapes))
	return nil
}

var demoDay = regexp.MustCompile(`\bJ\+(\d+)(\.annee)?\b`)

// readDemo reads the demonstration, with days that end on the given one.
func readDemo(today time.Time) (*Script, error) {
	first := opco.JourDe(today).Jours(-demoDays)
	first = first.Jours(-(int(first.Heure(12, 0).Weekday()) + 6) % 7) // a Monday
	first = max(first, firstBareme)
	text := demoDay.ReplaceAllStringFunc(demonstration, func(m string) string {
		parts := demoDay.FindStringSubmatch(m)
		n, _ := strconv.Atoi(parts[1]) // digits only
		if d := first.Jours(n); parts[2] == "" {
			return string(d)
		}
		return strconv.Itoa(first.Jours(n).Annee())
	})
	return parse("demonstration.yaml", []byte(text))
}

// created lists the actes that make a dossier.
func (s *Script) created() []*Act {
	var list []*Act
	for _, e := range s.Etapes {
		if a, ok := e.Body.(*Act); ok && a.Fait == "creer" {
			list = append(list, a)
		}
	}
	return list
}

// demoRows finds the dossiers of the demonstration, by their company and title.
func (w *world) demoRows(ctx context.Context, s *Script) ([]DemoRow, error) {
	byCompany := map[string][]DemoRow{}
	var rows []DemoRow
	for _, a := range s.created() {
		key := strings.ToUpper(a.Qui)
		if byCompany[key] == nil {
			var page struct {
				Dossiers []DemoRow `json:"dossiers"`
			}
			path := "/api/dossiers" + query("etablissement", string(w.orgs[key].siege()), "limite", "100")
			if err := w.r.client.get(ctx, w.users[a.Qui].token, path, &page); err != nil {
				return nil, err
			}
			byCompany[key] = page.Dossiers
		}
		i := slices.IndexFunc(byCompany[key], func(r DemoRow) bool { return r.Intitule == a.Avec.Intitule })
		if i < 0 {
			continue
		}
		row := byCompany[key][i]
		if !row.DeposeLe.IsZero() {
			row.Jours = opco.JourDe(row.ModifieLe).Depuis(opco.JourDe(row.DeposeLe))
		}
		letters, err := w.letters(ctx, row.ID)
		if err != nil {
			return nil, err
		}
		row.Lettres = letters
		rows = append(rows, row)
	}
	return rows, nil
}

// letters lists the addresses of the letters of a dossier.
func (w *world) letters(ctx context.Context, id string) ([]string, error) {
	sent, err := w.sent(ctx, w.r.staff["gestionnaire"].token, &dossier{id: id})
	var list []string
	for _, s := range sent {
		if s.Lettre {
			list = append(list, w.r.cfg.URL+"/api/courriers/"+s.ID+"/lettre.pdf")
		}
	}
	return list, err
}

func (w *world) demoLots(ctx context.Context) ([]string, error) {
	var page struct {
		Lots []struct {
			ID        string `json:"id"`
			Empreinte string `json:"empreinte"`
		} `json:"lots"`
	}
	if err := w.r.client.get(ctx, w.r.staff["comptable"].token, "/api/lots"+query("limite", "100"), &page); err != nil {
		return nil, err
	}
	var ids []string
	for _, l := range page.Lots {
		if l.Empreinte != "" {
			ids = append(ids, l.ID)
		}
	}
	slices.Sort(ids)
	return ids, nil
}
