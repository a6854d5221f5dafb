package web

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"guichet/store"
)

func init() {
	annonces["verification-demandee"] = "La vérification est demandée. Le service continue ; elle dure quelques minutes."
}

// adresseVerification is where the verifications of the base are.
const adresseVerification = "/ops/verification"

// ListeVerifications is the page of the verifications: the last one, and those before.
type ListeVerifications struct {
	Piece
	Derniere *store.VerificationVue // with its report, nil when there was none
	Passees  []store.VerificationVue
	Suite    string
	Peut     bool
}

// VerificationLue is the page of one verification.
type VerificationLue struct {
	Piece
	store.VerificationVue
}

// getVerifications answers GET /ops/verification.
func (w *Web) getVerifications(c *gin.Context) {
	w.montrerVerifications(c, http.StatusOK, Formulaire{})
}

func (w *Web) montrerVerifications(c *gin.Context, statut int, f Formulaire) {
	avant, err := avantDe(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p, err := w.lireVerifications(c, avant)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.Piece, p.Peut = w.piece(c, "Vérification", adresseVerification), slices.Contains(rejoue.Roles, w.Interieur.Occupant(c).Role)
	p.Formulaire = f
	if avant.IsZero() {
		p.suivreTravail("verification", "", "")
	}
	w.rendre(c, statut, PageVerifications(p))
}

// lireVerifications reads a page of the verifications; the first one has the report of the last.
func (w *Web) lireVerifications(c *gin.Context, avant time.Time) (p ListeVerifications, err error) {
	if p.Passees, err = w.Interieur.Verifications(c, avant, pageRejeux); err != nil {
		return p, err
	}
	if n := len(p.Passees); n > 0 && avant.IsZero() {
		d, err := w.Interieur.Verification(c, p.Passees[0].ID)
		if err != nil {
			return p, err
		}
		p.Derniere = &d
	}
	if len(p.Passees) == pageRejeux {
		p.Suite = suiteAvant(adresseVerification, p.Passees[pageRejeux-1].DemandeeLe)
	}
	return p, nil
}

// postVerification answers POST /ops/verification.
func (w *Web) postVerification(c *gin.Context) {
	v, ok := w.valeurs(c)
	if !ok {
		return
	}
	f := Formulaire{Valeurs: v}
	if err := w.Interieur.VerifierTout(c, acteDuFormulaire(c)); err != nil {
		w.montrerRefus(c, f, err, nil, func(statut int, f Formulaire) { w.montrerVerifications(c, statut, f) })
		return
	}
	w.annoncer(c, "verification-demandee")
	suite(c, adresseVerification)
}

// getVerification answers GET /ops/verification/:id.
func (w *Web) getVerification(c *gin.Context) {
	v, err := w.Interieur.Verification(c, c.Param("id"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := VerificationLue{Piece: w.piece(c, "Vérification", adresseVerification), VerificationVue: v}
	if enCours(v) {
		p.suivreTravail("verification", v.ID, "")
	}
	w.rendre(c, http.StatusOK, PageVerification(p))
}

// marqueVerification draws a verification in one word.
func marqueVerification(v store.VerificationVue) marque {
	switch {
	case v.Etat == store.VerificationDemandee:
		return marque{"Attend un worker", "hourglass", Gris}
	case v.Etat == store.VerificationEnCours:
		return marque{"En cours", "play", Bleu}
	case v.Etat == store.VerificationEchouee:
		return marque{"N’a pas eu lieu", "triangle-alert", Ambre}
	case v.Rompus > 0:
		return marque{combien(v.Rompus, "invariant") + " en défaut", "octagon-x", Rouge}
	case v.NonVerifiables > 0:
		return marque{"Tout tient, sauf ce qui n’a pu être vérifié", "triangle-alert", Ambre}
	}
	return marque{"Tout tient", "badge-check", Vert}
}

// tenues draw the verdict on one invariant.
var tenues = map[store.Tenue]marque{
	store.Tenu: {"Tenu", "circle-check", Vert}, store.Rompu: {"En défaut", "octagon-x", Rouge}, store.NonVerifiable: {"Non vérifié", "triangle-alert", Ambre},
}

// etapesVerification say what a verification looks at.
var etapesVerification = map[string]string{
	"ensemble": "règles d’ensemble", "dossiers": "dossiers", "lots": "lots", "indus": "indus", "comptes": "comptes", "fichiers": "fichiers gardés",
}

// origineVerification says who asked for it.
func origineVerification(v store.VerificationVue) string {
	if v.Origine == store.OrigineNuit {
		return "Chaque nuit"
	}
	return v.Nom
}

// enCours reports whether the verification goes on.
func enCours(v store.VerificationVue) bool {
	return v.Etat == store.VerificationDemandee || v.Etat == store.VerificationEnCours
}

// dureeVerification says how long it took, "" while it goes on.
func dureeVerification(v store.VerificationVue) string {
	if v.CommenceeLe == nil || v.FinieLe == nil {
		return ""
	}
	s := int(v.FinieLe.Sub(*v.CommenceeLe).Seconds())
	if s < 60 {
		return combien(s, "seconde")
	}
	return combien(s/60, "minute")
}

// bilanVerification counts the invariants by what became of them.
func bilanVerification(v store.VerificationVue) string {
	s := combien(v.Tenus, "tenu") + ", " + strconv.Itoa(v.Rompus) + " en défaut"
	switch v.NonVerifiables {
	case 0:
		return s
	case 1:
		return s + ", 1 non vérifié"
	}
	return s + ", " + strconv.Itoa(v.NonVerifiables) + " non vérifiés"
}

// dabordRompus lists what does not hold first.
func dabordRompus(rs []store.ResultatInvariant) []store.ResultatInvariant {
	poids := map[store.Tenue]int{store.Rompu: 0, store.NonVerifiable: 1, store.Tenu: 2}
	rs = slices.Clone(rs)
	slices.SortStableFunc(rs, func(a, b store.ResultatInvariant) int { return poids[a.Tenue] - poids[b.Tenue] })
	return rs
}
