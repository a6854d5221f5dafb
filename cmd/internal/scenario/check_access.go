package scenario

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// checkAccess asks for a page of the API as somebody.
func (w *world) checkAccess(ctx context.Context, c *checker, b *CheckAccess) error {
	who, err := w.user(b.Qui)
	if err != nil {
		return err
	}
	path := w.substitute(b.Acces)
	rep, err := w.r.client.do(ctx, request{token: who.tokenIn(b.Navigateur), method: http.MethodGet, path: path})
	if err != nil {
		return err
	}
	var p problem
	if rep.status >= 400 {
		if err := rep.decode(&p); err != nil {
			return err
		}
	}
	if want := b.Statut; want != 0 && want != rep.status {
		c.fail("statut", strconv.Itoa(want), strings.TrimSpace(strconv.Itoa(rep.status)+" "+p.Code+" "+p.Detail))
	}
	c.text("code", b.Code, p.Code)
	c.contains("phrase", b.Phrase, p.Detail)
	c.contains("contient", b.Contient, string(rep.body))
	c.lacks("ne_contient_pas", b.Absent, string(rep.body))
	return nil
}

// lacks expects none of these texts in got.
func (c *checker) lacks(key string, unwanted Texts, got string) {
	for _, t := range unwanted {
		if t = c.fill(t); holds(got, t) {
			c.fail(key, "pas « "+t+" »", shorten(got))
		}
	}
}

// checkList expects the dossiers of this scenario that somebody finds in their list.
func (w *world) checkList(ctx context.Context, c *checker, b *CheckList) error {
	who, err := w.user(b.Liste)
	if err != nil {
		return err
	}
	found, err := w.listed(ctx, who.tokenIn(b.Navigateur), "")
	if err != nil {
		return err
	}
	c.same("trouve", sorted(b.Trouve), sorted(found))
	if b.Compteur == nil {
		return nil
	}
	var x struct {
		Etats []struct {
			Nombre int `json:"nombre"`
		} `json:"etats"`
	}
	if err := w.r.client.get(ctx, who.tokenIn(b.Navigateur), "/api/dossiers/compteurs", &x); err != nil {
		return err
	}
	total := 0
	for _, e := range x.Etats {
		total += e.Nombre
	}
	c.number("compteur", b.Compteur, total)
	return nil
}

// checkQueue expects who waits for the advisers, and for how many rights.
func (w *world) checkQueue(ctx context.Context, c *checker, b *CheckQueue) error {
	who, err := w.user(b.File)
	if err != nil {
		return err
	}
	queue, err := w.queue(ctx, who.token)
	if err != nil {
		return err
	}
	waits, late, agree := map[string]int{}, []string{}, []string{}
	for _, d := range queue {
		k := w.byEmail(d.Email)
		if k == "" {
			continue
		}
		waits[k] = d.AValider
		if d.Retard {
			late = append(late, k)
		}
		if d.Concorde {
			agree = append(agree, k)
		}
	}
	c.same("attend", counted(b.Attend), counted(waits))
	c.same("en_retard", sorted(b.Retard), sorted(late))
	if b.Concorde != nil {
		c.same("concorde", sorted(*b.Concorde), sorted(agree))
	}
	return nil
}

// waitingReply is one line of the advisers' queue.
type waitingReply struct {
	Email    string `json:"email"`
	AValider int    `json:"a_valider"`
	Retard   bool   `json:"retard"`
	Concorde bool   `json:"concorde"`
}

// queue reads the whole queue of the advisers.
func (w *world) queue(ctx context.Context, token string) ([]waitingReply, error) {
	var all []waitingReply
	for kv := []string{"limite", "100"}; ; {
		var x struct {
			Demandes []waitingReply `json:"demandes"`
			Suivant  string         `json:"suivant"`
		}
		if err := w.r.client.get(ctx, token, "/api/habilitations"+query(kv...), &x); err != nil {
			return nil, err
		}
		all = append(all, x.Demandes...)
		if x.Suivant == "" {
			return all, nil
		}
		kv = []string{"limite", "100", "apres", x.Suivant}
	}
}

// byEmail is the person of the scenario with that address, "" for nobody.
func (w *world) byEmail(email string) string {
	for _, k := range words(w.users) {
		if w.users[k].email == email {
			return k
		}
	}
	return ""
}

func counted(m map[string]int) []string {
	var ls []string
	for _, k := range words(m) {
		ls = append(ls, k+" : "+strconv.Itoa(m[k]))
	}
	return ls
}

// checkNoMail reads every mail that left.
func (w *world) checkNoMail(ctx context.Context, c *checker, b *CheckNoMail) error {
	all, err := w.mails(ctx, "")
	if err != nil {
		return err
	}
	for _, m := range all {
		if strings.Contains(m.Objet+m.Texte+m.HTML, b.Absent) {
			c.fail("aucun_courriel", "aucun courriel ne contient « "+b.Absent+" »", "« "+m.Objet+" »")
		}
	}
	if len(all) == 0 {
		c.fail("aucun_courriel", "des courriels à lire", "(aucun)")
	}
	return nil
}

// checkLogin looks at the session of somebody.
func (w *world) checkLogin(ctx context.Context, c *checker, b *CheckLogin) error {
	who, err := w.user(b.Session)
	if err != nil {
		return err
	}
	s, err := w.session(ctx, who, b.Navigateur)
	if err != nil {
		return err
	}
	c.text("etape", b.Etape, s.Etape)
	c.yes("acces_limite", b.AccesLimite, s.AccesLimite)
	places := map[string]string{}
	var names []string
	for _, e := range s.Espaces {
		places[e.Cle] = w.placeName(e)
		names = append(names, places[e.Cle])
	}
	if b.Espaces != nil {
		c.same("espaces", sorted(*b.Espaces), sorted(names))
	}
	c.text("perimetre", b.Perimetre, places[s.Perimetre])
	if b.Ouvertes == nil {
		return nil
	}
	var x struct {
		Sessions []struct {
			ID string `json:"id"`
		} `json:"sessions"`
	}
	if err := w.r.client.get(ctx, who.tokenIn(b.Navigateur), "/api/sessions", &x); err != nil {
		return err
	}
	open := 0
	for _, y := range x.Sessions {
		if !strings.HasPrefix(y.ID, "cle-") { // an API key is shown beside them
			open++
		}
	}
	c.number("ouvertes", b.Ouvertes, open)
	return nil
}

// placeName is how the scenario calls an espace: an organisation, a role, or the
// role of somebody absent.
func (w *world) placeName(e espaceReply) string {
	for _, k := range words(w.orgs) {
		if string(w.orgs[k].SIREN) == e.SIREN {
			return k
		}
	}
	if e.PourNom != "" {
		return e.Role + " pour " + e.PourNom
	}
	return e.Role
}

// lookAtAccount plays the checks of accounts.
func (w *world) lookAtAccount(ctx context.Context, c *checker, s Step) error {
	switch b := s.Body.(type) {
	case *CheckAccount:
		c.what = "compte de " + b.Compte
		return w.checkAccount(ctx, c, b)
	case *CheckAccess:
		c.what = b.Acces + " pour " + b.Qui
		return w.checkAccess(ctx, c, b)
	case *CheckList:
		c.what = "dossiers de " + b.Liste
		return w.checkList(ctx, c, b)
	case *CheckQueue:
		c.what = "file de " + b.File
		return w.checkQueue(ctx, c, b)
	case *CheckLogin:
		c.what = "session de " + b.Session
		return w.checkLogin(ctx, c, b)
	case *CheckStream:
		c.what = "flux de " + b.Flux
		return w.checkStream(ctx, c, b)
	}
	return fmt.Errorf("l’étape « %s » ne se vérifie pas", s.Kind)
}
