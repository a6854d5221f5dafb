package scenario

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"guichet/opco"
)

// accountReply is an account as the API shows it.
type accountReply struct {
	ID          string `json:"id"`
	Etat        string `json:"etat"`
	Origine     string `json:"origine"`
	Identifiant string `json:"identifiant"`
	Politique   string `json:"politique"`
	Identite    struct {
		Nom    string `json:"nom"`
		Prenom string `json:"prenom"`
	} `json:"identite"`
	Entites []struct {
		Affichage string `json:"affichage"`
	} `json:"entites"`
	Droits []rightReply `json:"droits"`
	Tuiles []struct {
		Code string `json:"code"`
		Etat string `json:"etat"`
	} `json:"tuiles"`
	CGU      *opco.Acceptation `json:"cgu"`
	Confiden *opco.Acceptation `json:"confidentialite"`
}

type rightReply struct {
	ID         string    `json:"id"`
	Etat       string    `json:"etat"`
	Ouvert     bool      `json:"ouvert"`
	Motif      string    `json:"motif"`
	Phrase     string    `json:"phrase"`
	Reponse    string    `json:"reponse"`
	Limite     opco.Date `json:"limite"`
	DecideePar string    `json:"decidee_par"`
}

// examinedReply is an account as the OPCO examines it.
type examinedReply struct {
	Compte accountReply `json:"compte"`
	Blocs  []struct {
		Preuves []opco.Preuve `json:"preuves"`
	} `json:"blocs"`
	Collegues []struct {
		Email string `json:"email"`
	} `json:"collegues"`
}

func (w *world) checkAccount(ctx context.Context, c *checker, b *CheckAccount) error {
	if w.isAgent(b.Compte) {
		return w.checkAgent(ctx, c, b)
	}
	x, journal, err := w.readAccount(ctx, c, b)
	if err != nil || x == nil {
		return err
	}
	c.text("etat", b.Etat, x.Compte.Etat)
	c.text("origine", b.Origine, x.Compte.Origine)
	c.text("identifiant", c.fill(b.Identifiant), x.Compte.Identifiant)
	c.text("politique", b.Politique, x.Compte.Politique)
	c.optional("nom", b.Nom, strings.TrimSpace(x.Compte.Identite.Prenom+" "+x.Compte.Identite.Nom))
	c.text("conditions", b.Conditions, version(x.Compte.CGU))
	c.text("confidentialite", b.Confidence, version(x.Compte.Confiden))
	c.checkEntities(b.Entites, x.Compte)
	c.checkEvidence(b, x)
	for _, k := range words(b.Tuiles) {
		got := ""
		for _, t := range x.Compte.Tuiles {
			if t.Code == k {
				got = t.Etat
			}
		}
		c.under("tuiles").text(k, b.Tuiles[k], got)
	}
	if b.Collegues != nil {
		w.checkColleagues(c, *b.Collegues, x)
	}
	c.checkAccountJournal(w, b.Journal, journal)
	return w.checkRights(c, b, x.Compte)
}

func version(a *opco.Acceptation) string {
	if a == nil {
		return ""
	}
	return a.Version
}

// readAccount reads an account and its journal, as its holder or as the OPCO.
func (w *world) readAccount(ctx context.Context, c *checker, b *CheckAccount) (*examinedReply, []accountPassage, error) {
	reader, err := w.user(or(b.VuPar, "conseiller"))
	if err != nil {
		return nil, nil, err
	}
	var x examinedReply
	path, into := "/api/compte", any(&x.Compte)
	if b.VuPar != b.Compte {
		id, err := w.idOf(ctx, b.Compte)
		if err != nil {
			if b.Introuvable {
				return nil, nil, nil
			}
			return nil, nil, err
		}
		path, into = "/api/comptes/"+url.PathEscape(id), &x
	}
	token := reader.tokenIn(b.Navigateur)
	rep, err := w.r.client.do(ctx, request{token: token, method: http.MethodGet, path: path})
	if err != nil {
		return nil, nil, err
	}
	if b.Introuvable {
		if rep.status != http.StatusNotFound {
			c.fail("introuvable", "404", http.StatusText(rep.status))
		}
		return nil, nil, nil
	}
	if rep.status != http.StatusOK {
		return nil, nil, rep.refusal("GET " + path)
	}
	if err := rep.decode(into); err != nil {
		return nil, nil, err
	}
	var j struct {
		Passages []accountPassage `json:"passages"`
	}
	return &x, j.Passages, w.readJournal(ctx, b, token, path, &j)
}

func (w *world) readJournal(ctx context.Context, b *CheckAccount, token, path string, into any) error {
	if len(b.Journal) == 0 {
		return nil
	}
	return w.r.client.get(ctx, token, path+"/journal", into)
}

func (c *checker) checkEntities(want *Texts, x accountReply) {
	if want == nil {
		return
	}
	var shown []string
	for _, e := range x.Entites {
		shown = append(shown, e.Affichage)
	}
	if len(shown) != len(*want) {
		c.fail("entites", list(*want), list(shown))
	}
	c.contains("entites", *want, strings.Join(shown, " ; "))
}

// checkEvidence compares the answers of the automatic verification.
func (c *checker) checkEvidence(b *CheckAccount, x *examinedReply) {
	found := map[string]opco.Preuve{}
	for _, bloc := range x.Blocs {
		for _, p := range bloc.Preuves {
			found[p.Question] = p
		}
	}
	for _, q := range words(b.Preuves) {
		want, p := b.Preuves[q], found[q]
		if p.Question == "" {
			c.under("preuves").fail(q, yesNo(bool(want)), "(aucune)")
			continue
		}
		c.under("preuves").yes(q, &want, p.Concorde)
	}
	for _, q := range words(b.PreuvesDites) {
		p := found[q]
		c.under("preuves_dites").contains(q, b.PreuvesDites[q], p.Donne+" ; "+p.Connu+" ; "+p.Phrase)
	}
}

func (w *world) checkColleagues(c *checker, want Texts, x *examinedReply) {
	var found []string
	for _, y := range x.Collegues {
		for _, k := range words(w.users) {
			if w.users[k].email == y.Email {
				found = append(found, k)
			}
		}
	}
	c.same("collegues", sorted(want), sorted(found))
}

// checkRights compares each right that the scenario names.
func (w *world) checkRights(c *checker, b *CheckAccount, x accountReply) error {
	rights := map[string]rightReply{}
	var open []string
	for _, r := range x.Droits {
		rights[r.ID] = r
		if r.Ouvert {
			open = append(open, r.ID)
		}
	}
	if b.Ouverts != nil {
		want, err := w.rightIDs(*b.Ouverts)
		if err != nil {
			return err
		}
		c.same("ouverts", sorted(want), sorted(open))
	}
	return w.eachRight(b, func(key, name, id string) {
		r := rights[id]
		c := c.under(key)
		switch key {
		case "droits":
			c.text(name, b.Droits[name], or(r.Etat, "absent"))
		case "motifs":
			c.text(name, b.Motifs[name], r.Motif)
		case "phrases":
			c.contains(name, b.Phrases[name], r.Phrase)
		case "reponses":
			c.contains(name, b.Reponses[name], r.Reponse)
		case "limites":
			want := b.Limites[name]
			c.day(name, &want, r.Limite)
		case "decides_par":
			c.text(name, w.signature(b.DecidesPar[name]), r.DecideePar)
		}
	})
}

// eachRight calls check for each right that a check names, under each of its keys.
func (w *world) eachRight(b *CheckAccount, check func(key, name, id string)) error {
	for key, names := range map[string][]string{"droits": words(b.Droits), "motifs": words(b.Motifs), "phrases": words(b.Phrases),
		"reponses": words(b.Reponses), "limites": words(b.Limites), "decides_par": words(b.DecidesPar)} {
		ids, err := w.rightIDs(names)
		if err != nil {
			return err
		}
		for i, name := range names {
			check(key, name, ids[i])
		}
	}
	return nil
}

// signature is how somebody's deeds are signed: « A, pour le compte de B » for a
// delegate.
func (w *world) signature(key string) string {
	if key == "systeme" {
		return opco.ActeurSysteme().Nom
	}
	who, absent, stands := strings.Cut(key, " pour ")
	a, err := w.user(who)
	if err != nil {
		return key
	}
	if b, err := w.user(absent); stands && err == nil {
		return a.nomComplet() + ", pour le compte de " + b.nomComplet()
	}
	return a.nomComplet()
}
