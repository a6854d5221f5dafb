package opco

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
)

// Cause is what a group of incidents have in common: one outage of the mail server is one
// cause, with two thousand dossiers behind it (issue of operations, item 1).
type Cause struct {
	Nature   NatureIncident
	Activite string // the deed, without what tells two incidents apart
	Classe   Classe
	Detail   string // the words of an answer of no known class, without what varies; the work that nobody does; "" otherwise
}

// Cause finds the cause of an incident.
func (i Incident) Cause() Cause {
	activite, _, _ := strings.Cut(i.Activite, "/")
	c := Cause{Nature: naturesDe[activite], Activite: activite, Classe: i.Classe}
	if c.Nature == "" {
		c.Nature = IncidentActivite
	}
	if c.Classe == "" {
		c.Classe = ClasserErreur(i.Erreur)
	}
	if c.Classe == ClasseAutre && !c.Nature.Parle() {
		c.Detail = sansVariable(i.Erreur)
	}
	if activite == ActiviteFile { // each work that nobody does has its own effect
		_, c.Detail, _ = strings.Cut(i.Objet, "/")
	}
	return c
}

// Parle reports whether the incidents of that nature carry their own sentence: they are
// one cause whatever it says.
func (n NatureIncident) Parle() bool {
	switch n {
	case IncidentBanque, IncidentCompte, IncidentControle, IncidentConnexion, IncidentRIB, IncidentDivergence:
		return true
	}
	return false
}

// Code names a cause for ever: the same nature, deed and class give the same one.
func (c Cause) Code() string {
	h := sha256.Sum256([]byte(string(c.Nature) + "\x00" + c.Activite + "\x00" + string(c.Classe) + "\x00" + c.Detail))
	return hex.EncodeToString(h[:6])
}

var (
	identifiantDit = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`)
	motCite        = regexp.MustCompile(`"[^"]*"|«[^»]*»|'[^']*'`)
	chiffreDit     = regexp.MustCompile(`\d+`)
)

// motsMax bounds the words by which two unknown answers are told apart.
const motsMax = 120

// sansVariable keeps of the first line of an answer what does not change from one object
// to the next: neither ids, nor figures, nor what is quoted.
func sansVariable(erreur string) string {
	e, _, _ := strings.Cut(strings.TrimSpace(Epurer(erreur)), "\n")
	e = identifiantDit.ReplaceAllString(e, "#")
	e = motCite.ReplaceAllString(e, "…")
	e = strings.ToLower(chiffreDit.ReplaceAllString(e, "#"))
	if r := []rune(e); len(r) > motsMax {
		e = string(r[:motsMax])
	}
	return e
}

// Gravite says how much a cause stops.
type Gravite string

// The degrees: a dossier or money does not move, or something comes late, or somebody
// must look without hurry.
const (
	GraviteArret     Gravite = "arret"
	GraviteRetard    Gravite = "retard"
	GraviteAttention Gravite = "attention"
)

// Diagnostic is a cause in the words of those who run the house: what fails, why, who is
// concerned, and what is safe to do.
type Diagnostic struct {
	Titre    string // a sentence without its full stop
	Pourquoi string // the probable reason
	Effet    string // what goes on and what waits
	Conseil  string // what may be done without harm
	Gravite  Gravite
}

// Dire says a cause. Each field is that of the closest line of the table: the nature, deed
// and class, then the nature and class, the nature and deed, the nature, the class.
func (c Cause) Dire() Diagnostic {
	var d Diagnostic
	if c.Activite == ActiviteFile {
		d = diagnosticTravail(c.Detail)
	}
	for _, k := range []cleCause{{c.Nature, c.Activite, c.Classe}, {c.Nature, "", c.Classe}, {c.Nature, c.Activite, ""}, {c.Nature, "", ""}, {"", "", c.Classe}} {
		d = d.completer(diagnostics[k])
	}
	return d
}

func (d Diagnostic) completer(x Diagnostic) Diagnostic {
	for _, p := range []struct {
		de   string
		vers *string
	}{{x.Titre, &d.Titre}, {x.Pourquoi, &d.Pourquoi}, {x.Effet, &d.Effet}, {x.Conseil, &d.Conseil}} {
		if *p.vers == "" {
			*p.vers = p.de
		}
	}
	if d.Gravite == "" {
		d.Gravite = x.Gravite
	}
	return d
}

// Causes lists every cause whose deed and class are known, for who must have an answer to
// each.
func Causes() []Cause {
	deeds := []string{"Record", "Produire", "Envoyer", "Verifier", ActiviteActe, ActiviteEcheance, ActiviteTache, ActiviteArret, ActiviteMoteur, ActiviteFile, ActiviteBoucle, ActivitePlace,
		ActiviteDivergence, ActiviteCourrier, ActiviteBanque, ActiviteService, "compte", "tuile", "suspension", "signaux", "echecs"}
	var cs []Cause
	for _, a := range deeds {
		for _, k := range Classes() {
			n := naturesDe[a]
			if n == "" {
				n = IncidentActivite
			}
			cs = append(cs, Cause{Nature: n, Activite: a, Classe: k})
		}
	}
	return cs
}
