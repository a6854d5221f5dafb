package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// InterieurEquipe are the doors of the responsable of a team.
type InterieurEquipe interface {
	Charge(c *gin.Context) ([]store.ChargePersonne, error)
	RadarEcheances(c *gin.Context) (store.Radar, error)
	SecondsRegards(c *gin.Context, apres string) ([]store.SecondRegard, int64, string, error)
	DossiersDe(c *gin.Context, personne, apres string) ([]store.LigneDossier, string, error)
	Reattribuer(c *gin.Context, dossiers []string, a, raison string) error
}

// pageEquipe is the length of the lists of the responsable.
const pageEquipe = 50

// Charge reads the load of each person.
func (p porteInterieur) Charge(c *gin.Context) ([]store.ChargePersonne, error) {
	return p.Store.Charge(contexte(c), api.Qui(c.Request.Context()).Portee())
}

// RadarEcheances counts the legal days to come.
func (p porteInterieur) RadarEcheances(c *gin.Context) (store.Radar, error) {
	return p.Store.RadarEcheances(contexte(c), api.Qui(c.Request.Context()).Portee())
}

// SecondsRegards lists the proposals that wait for a responsable.
func (p porteInterieur) SecondsRegards(c *gin.Context, apres string) ([]store.SecondRegard, int64, string, error) {
	return p.Store.SecondsRegards(contexte(c), api.Qui(c.Request.Context()).Portee(), apres, pageEquipe)
}

// DossiersDe lists the open dossiers of one person.
func (p porteInterieur) DossiersDe(c *gin.Context, personne, apres string) ([]store.LigneDossier, string, error) {
	return p.Store.DossiersDe(contexte(c), api.Qui(c.Request.Context()).Portee(), personne, apres, pageEquipe)
}

// Reattribuer entrusts dossiers to somebody.
func (p porteInterieur) Reattribuer(c *gin.Context, dossiers []string, a, raison string) error {
	return p.Store.Reattribuer(contexte(c), api.Qui(c.Request.Context()).Acteur(""), dossiers, a, raison)
}

// menuResponsable are the entries of the responsable, and of what is measured.
func menuResponsable(o Occupant, n CompteursMenu) []Rubrique {
	var es []Entree
	if slices.Contains(equipeLue.Roles, o.Role) {
		es = append(es, Entree{Nom: "Tableau de bord", URL: "/equipe", Icone: "gauge"})
	}
	if o.Role == opco.RoleResponsable {
		es = append(es, Entree{Nom: "Portefeuilles", URL: "/equipe/portefeuilles", Icone: "briefcase"})
	}
	if slices.Contains(statistiquesLues.Roles, o.Role) {
		es = append(es, Entree{Nom: "Statistiques", URL: "/statistiques", Icone: "chart-line"})
	}
	return rubriques(Rubrique{Titre: "Piloter", Entrees: es})
}

// Equipe is what a responsable sees of the team: deadlines, load, second regards.
type Equipe struct {
	Piece
	Jour    opco.Date
	Charge  []store.ChargePersonne
	Radar   store.Radar
	Regards []store.SecondRegard
	Nombre  int64 // of second regards
	Moi     string
	Mene    bool // may entrust
}

// getEquipe answers GET /equipe.
func (w *Web) getEquipe(c *gin.Context) {
	o := w.Interieur.Occupant(c)
	p := Equipe{Piece: w.piece(c, "Mon équipe", "/equipe"), Moi: o.Personne, Mene: o.Role == opco.RoleResponsable}
	p.avecFeuille()
	var err error
	if p.Jour, err = w.Interieur.Aujourdhui(c); err == nil {
		p.Charge, err = w.Interieur.Charge(c)
	}
	if err == nil {
		p.Radar, err = w.Interieur.RadarEcheances(c)
	}
	if err == nil {
		p.Regards, p.Nombre, _, err = w.Interieur.SecondsRegards(c, "")
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.Regards = p.Regards[:min(len(p.Regards), 8)]
	api.Montrer(c.Request.Context(), "liste", len(p.Regards))
	w.rendre(c, http.StatusOK, PageEquipe(p))
}

// SecondsRegards is the inbox of the proposals.
type SecondsRegards struct {
	Piece
	Regards []store.SecondRegard
	Nombre  int64
	Jour    opco.Date
	Moi     string
	Suite   string
}

// getSecondsRegards answers GET /equipe/second-regard.
func (w *Web) getSecondsRegards(c *gin.Context) {
	p := SecondsRegards{Piece: w.piece(c, "Second regard", "/equipe"), Moi: w.Interieur.Occupant(c).Personne}
	p.avecFeuille()
	var err error
	var suivant string
	if p.Jour, err = w.Interieur.Aujourdhui(c); err == nil {
		p.Regards, p.Nombre, suivant, err = w.Interieur.SecondsRegards(c, c.Query("apres"))
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.Suite = pageSuivante("/equipe/second-regard", nil, suivant)
	api.Montrer(c.Request.Context(), "liste", len(p.Regards))
	w.rendre(c, http.StatusOK, PageSecondsRegards(p))
}

// DossiersDe are the open dossiers of one person, to entrust to another.
type DossiersDe struct {
	Piece
	Personne string // "" : nobody's
	Nom      string
	Dossiers []store.LigneDossier
	Gens     []Option
	Suite    string
	Mene     bool
}

// getDossiersDe answers GET /equipe/dossiers?de=…
func (w *Web) getDossiersDe(c *gin.Context) {
	w.montrerDossiersDe(c, http.StatusOK, Formulaire{}, c.Query("de"))
}

func (w *Web) montrerDossiersDe(c *gin.Context, statut int, f Formulaire, de string) {
	de = coupe(de, 100)
	p := DossiersDe{Piece: w.piece(c, "Confier des dossiers", "/equipe"), Personne: de, Mene: w.Interieur.Occupant(c).Role == opco.RoleResponsable}
	p.avecFeuille()
	if de == personneLibre {
		p.Personne = ""
	}
	gens, err := w.Interieur.Charge(c)
	var suivant string
	if err == nil {
		p.Dossiers, suivant, err = w.Interieur.DossiersDe(c, p.Personne, c.Query("apres"))
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.nommer(gens)
	p.Suite = pageSuivante("/equipe/dossiers", url.Values{"de": {de}}, suivant)
	p.Formulaire = f
	api.Montrer(c.Request.Context(), "liste", len(p.Dossiers))
	w.rendre(c, statut, PageDossiersDe(p))
}

// sujet says what the page lists.
func (p DossiersDe) sujet() string {
	if p.Personne == "" {
		return "Les dossiers que personne ne suit encore, par échéance légale."
	}
	return "Ses dossiers ouverts, par échéance légale."
}

// nommer names the person, and those to whom their dossiers may be entrusted.
func (p *DossiersDe) nommer(gens []store.ChargePersonne) {
	p.Gens, p.Nom = []Option{{"", "Choisir une personne"}}, "Dossiers à répartir"
	for _, g := range gens {
		if g.Personne == p.Personne && g.Personne != "" {
			p.Nom = g.Nom
			continue
		}
		if g.Personne != "" && g.Nom != "" {
			p.Gens = append(p.Gens, Option{g.Personne, g.Nom + " (" + combien(int(g.Ouverts), "dossier") + ")"})
		}
	}
}

// postConfierPlusieurs answers POST /equipe/dossiers: dossiers entrusted to somebody.
func (w *Web) postConfierPlusieurs(c *gin.Context) {
	f, ok := w.formulaire(c, "de", "a", "raison", "depuis")
	if !ok {
		return
	}
	f.Valeurs["ligne"] = c.PostFormArray("ligne")
	l := lecteur{Formulaire: f}
	l.exiger("ligne", len(f.Valeurs["ligne"]) > 0, "Cochez les dossiers à confier.")
	l.exiger("a", f.Valeur("a") != "", "Choisissez à qui les confier.")
	l.exiger("raison", strings.TrimSpace(f.Valeur("raison")) != "", "Dites pourquoi : la personne et ses collègues le liront.")
	montrer := func(statut int, f Formulaire) { w.montrerDossiersDe(c, statut, f, f.Valeur("de")) }
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	if err := w.confierPlusieurs(c, f); err != nil {
		w.montrerRefus(c, f, err, map[string]string{"dossiers": "ligne"}, montrer)
		return
	}
	w.annoncer(c, "dossiers-confies")
	suite(c, "/equipe")
}

// confierPlusieurs entrusts dossiers as a form says, and offers to undo it; or undoes it.
func (w *Web) confierPlusieurs(c *gin.Context, f Formulaire) error {
	lignes, a, raison := f.Valeurs["ligne"], titulaire(f.Valeur("a")), strings.TrimSpace(f.Valeur("raison"))
	if r, annule := retourDemande(f, store.GesteReattribuer, lignes...); annule {
		r.A, r.Raison = a, raison
		return w.Interieur.Defaire(c, r)
	}
	if err := w.Interieur.Reattribuer(c, lignes, a, raison); err != nil {
		return err
	}
	w.defaireGeste(c, "/equipe/dossiers", store.GesteReattribuer, lignes,
		url.Values{"ligne": lignes, "a": {titulaireOuAucun(f.Valeur("de"))}, "raison": {defait}})
	return nil
}

func init() {
	annonces["dossiers-confies"] = "Les dossiers sont confiés. Ils sont dans la file de leur nouveau titulaire."
}

// barresRadar are the deadlines of the next working days; the nearest are red, then
// amber (domain.md 5.2).
func barresRadar(js []store.JourRadar) []Barre {
	bs := make([]Barre, len(js))
	for i, j := range js {
		bs[i] = Barre{Etiquette: jourRadar(j.Jour), Valeur: float64(j.Nombre), Ton: Gris}
		switch {
		case i < 3:
			bs[i].Ton = Rouge
		case i < 6:
			bs[i].Ton = Ambre
		}
	}
	return bs
}

// jourRadar names a day in a chart: « jeu. 21 ».
func jourRadar(d opco.Date) string {
	mots := strings.Fields(jourDit(d))
	return string([]rune(mots[0])[:3]) + ". " + strings.TrimSuffix(mots[1], "er")
}

// chiffresEquipe are the tiles of the team.
func chiffresEquipe(p Equipe) []Chiffre {
	var ouverts, tenus, libres, trois int64
	for _, g := range p.Charge {
		ouverts += g.Ouverts
		tenus += g.Tenus
		trois += g.SousTrois
		if g.Personne == "" {
			libres = g.Ouverts
		}
	}
	return []Chiffre{
		{"Échéance légale passée", "alarm-clock", milliers(p.Radar.Retard), "à décider d’abord", "/instruction?file=instruction"},
		{"Sous trois jours ouvrés", "clock", milliers(trois), "", "/instruction?file=instruction"},
		{"Second regard", "eye", milliers(p.Nombre), "propositions à valider", "/equipe/second-regard"},
		{"Dossiers ouverts", "folder-open", milliers(ouverts), combien(int(tenus), "dossier") + " en main", ""},
		{"À répartir", "users", milliers(libres), "sans personne désignée", "/equipe/dossiers?de=" + personneLibre},
	}
}

// lignesRadar are the same figures as the picture, by queue.
func lignesRadar(js []store.JourRadar) [][]Cellule {
	var ls [][]Cellule
	for _, j := range js {
		l := []Cellule{{Texte: majuscule(jourDit(j.Jour))}}
		for _, e := range etatsRadar {
			l = append(l, Cellule{Texte: strconv.FormatInt(j.Files[e], 10)})
		}
		ls = append(ls, append(l, Cellule{Texte: strconv.FormatInt(j.Nombre, 10)}))
	}
	return ls
}

// etatsRadar are the columns of the radar, in the order of the procedure.
var etatsRadar = []opco.Etat{opco.EtatTransmise, opco.EtatACompleter, opco.EtatEnInstruction, opco.EtatEnValidation, opco.EtatSFEnControle}

func colonnesRadar() []Colonne {
	cs := []Colonne{{Titre: "Jour"}}
	for _, e := range etatsRadar {
		cs = append(cs, Colonne{Titre: e.String(), Nombre: true, Tenue: "second"})
	}
	return append(cs, Colonne{Titre: "Dossiers", Nombre: true})
}

// plusCharge is the heaviest load: the others are drawn to its scale.
func (p Equipe) plusCharge() int64 {
	var n int64 = 1
	for _, g := range p.Charge {
		n = max(n, g.Ouverts)
	}
	return n
}

// sensPropose says what a proposal leads to.
func sensPropose(d opco.Decision) marque {
	switch d.Sens {
	case opco.SensRefus:
		return marque{"Refus", "circle-x", Rouge}
	case opco.SensPartiel:
		return marque{"Accord partiel", "chart-pie", Vert}
	case opco.SensAccord:
		return marque{"Accord", "circle-check", Vert}
	}
	return marque{"Proposition", "eye", Prune}
}

// pourquoiRegard says why a second person looks.
func pourquoiRegard(r store.SecondRegard) string {
	switch d := r.Proposee; {
	case d.Derogation != "":
		return "Dérogation : " + d.Derogation
	case d.Risque != "":
		return d.Risque
	case d.Sens == opco.SensRefus && len(d.Motifs) > 0:
		return d.Motifs[0].Libelle()
	case d.Sens == opco.SensRefus:
		return "Tout refus est relu"
	}
	return "Montant au-dessus du seuil"
}

// adresseDe leads to the dossiers of somebody.
func adresseDe(personne string) string {
	if personne == "" {
		personne = personneLibre
	}
	return "/equipe/dossiers?" + url.Values{"de": {personne}}.Encode()
}
