package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// ReglementsRecus is what an organisme received, month by month (AT-11 to AT-15).
type ReglementsRecus struct {
	Piece
	Recus     store.PageRecus
	Mois      []MoisRecu
	Compteurs store.CompteursOrganisme
	Recherche bool   // something narrows the list
	Retour    string // address of this very page, where a pointage leads back
	Curseur   PageListe
	Ecrit     bool // may tick
}

// MoisRecu is a month of the page, with its total in the whole search.
type MoisRecu struct {
	store.TotalMois
	Nom        string
	Reglements []store.LigneRecue
}

// champsRecus are the filters of the address.
var champsRecus = []string{"du", "au", "dossier", "numero", "pointage"}

// filtreRecus reads what the address looks for. What is not readable is told on its
// field and does not filter.
func filtreRecus(c *gin.Context) (store.FiltreRecus, Formulaire) {
	f := Formulaire{Valeurs: url.Values{}}
	for _, n := range champsRecus {
		f.Valeurs.Set(n, coupe(strings.TrimSpace(c.Query(n)), 60))
	}
	x := store.FiltreRecus{Dossier: f.Valeur("dossier"), Numero: f.Valeur("numero"), Apres: c.Query("apres"), Limite: 50,
		Pointes: f.Valeur("pointage") == "pointes", APointer: f.Valeur("pointage") == "a_pointer"}
	for _, j := range []struct {
		champ string
		jour  *opco.Date
	}{{"du", &x.Du}, {"au", &x.Au}} {
		if f.Valeur(j.champ) == "" {
			continue
		}
		d, err := opco.ParseDate(f.Valeur(j.champ))
		if err != nil {
			f.Erreurs = append(f.Erreurs, Faute{j.champ, "Écrivez la date AAAA-MM-JJ, par exemple 2026-04-13."})
			continue
		}
		*j.jour = d
	}
	if x.Du != "" && x.Au != "" && x.Au < x.Du {
		f.Erreurs = append(f.Erreurs, Faute{"au", "La période finit avant de commencer : vérifiez les deux dates."})
	}
	return x, f
}

const adresseReglements = "/organisme/reglements"

// getReglementsRecus answers GET /organisme/reglements.
func (w *Web) getReglementsRecus(c *gin.Context) {
	f, saisi := filtreRecus(c)
	statut := http.StatusOK
	if len(saisi.Erreurs) > 0 {
		statut = http.StatusUnprocessableEntity
	}
	page, err := w.Interieur.ReglementsRecus(c, f)
	if err != nil {
		w.echouer(c, err)
		return
	}
	n, err := w.Interieur.CompteursOrganisme(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := ReglementsRecus{Piece: w.piece(c, "Règlements", adresseReglements), Compteurs: n, Ecrit: len(w.Interieur.Occupant(c).Ecrit) > 0}
	p.Formulaire = saisi
	p.remplir(page, f.Apres)
	w.rendre(c, statut, PageReglementsRecus(p))
}

// remplir lays out the page of a search.
func (p *ReglementsRecus) remplir(page store.PageRecus, apres string) {
	p.Recus = page
	ici := adresseFiltree(adresseReglements, p.Valeurs)
	p.Recherche = ici != adresseReglements
	p.Curseur, p.Retour = curseurListe(ici, apres, page.Suivant), ici
	if apres != "" {
		p.Retour = adresseFiltree(adresseReglements, p.Valeurs, "apres", apres)
	}
	for _, m := range page.Mois {
		x := MoisRecu{TotalMois: m, Nom: majuscule(moisDit(m.Mois))}
		for _, l := range page.Reglements {
			if strings.HasPrefix(string(l.ExecuteLe), m.Mois) {
				x.Reglements = append(x.Reglements, l)
			}
		}
		p.Mois = append(p.Mois, x)
	}
	p.Curseur.Dit = majuscule(combien(int(page.Nombre), "règlement")) + " · le pointage est gardé à chaque clic"
}

// export is the address of the whole search as a file.
func (p ReglementsRecus) export(format string) string {
	return adresseFiltree("/api/reglements-recus/export", p.Valeurs, "format", format)
}

// moisDit writes « 2019-09 » as people say it: « septembre 2019 ».
func moisDit(mois string) string {
	annee, m, _ := strings.Cut(mois, "-")
	i, err := strconv.Atoi(m)
	noms := []string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}
	if err != nil || i < 1 || i > len(noms) {
		return mois
	}
	return noms[i-1] + " " + annee
}

// nomsPayes names who was paid for: « Aïssatou Ndiaye », or « … et 3 autres ».
func nomsPayes(l store.LigneRecue) string {
	var noms []string
	for _, s := range l.Stagiaires {
		noms = append(noms, strings.TrimSpace(s.Prenom+" "+s.Nom))
	}
	if n := len(noms); n > 3 {
		return strings.Join(noms[:2], ", ") + " et " + strconv.Itoa(n-2) + " autres"
	}
	return liste(noms)
}

// periodePayee says the days that a payment is about.
func periodePayee(l store.LigneRecue) string {
	if l.Du == "" {
		return "—"
	}
	du, au := l.Du.Longue(), l.Au.Longue()
	switch {
	case l.Du == l.Au:
		return du
	case l.Du[:7] == l.Au[:7]:
		return strings.SplitN(du, " ", 2)[0] + " au " + au
	case l.Du[:4] == l.Au[:4]:
		return du[:len(du)-5] + " au " + au
	}
	return du + " au " + au
}

// pointeParQui says who ticked a payment, and when.
func pointeParQui(l store.LigneRecue) string {
	if !l.Pointe || l.PointeLe == nil {
		return ""
	}
	return "Pointé par " + l.PointeNom + " le " + quand(*l.PointeLe)
}

// postPointage answers POST /organisme/reglements/:reglement/pointage: it ticks a
// payment, or takes the tick away. A script is answered without a page.
func (w *Web) postPointage(c *gin.Context) {
	f, ok := w.formulaire(c, "pointe", "retour")
	if !ok {
		return
	}
	pointe := f.Valeur("pointe") == "oui"
	if err := w.Interieur.PointerReglement(c, c.Param("reglement"), pointe); err != nil {
		w.echouer(c, err)
		return
	}
	if c.GetHeader("Sec-Fetch-Mode") == "cors" {
		c.Status(http.StatusNoContent)
		return
	}
	annonce := "pointe"
	if !pointe {
		annonce = "depointe"
	}
	w.annoncer(c, annonce)
	w.defairePar(c, "/organisme/reglements/"+url.PathEscape(c.Param("reglement"))+"/pointage", valeurs("pointe", ouiNon(!pointe), "retour", f.Valeur("retour")))
	suite(c, retourReglements(f.Valeur("retour"))+"#"+ancreReglement(c.Param("reglement")))
}

// ouiNon is the value of a box.
func ouiNon(b bool) string {
	if b {
		return "oui"
	}
	return "non"
}

// retourReglements is where a pointage leads back: a search of this very room.
func retourReglements(adresse string) string {
	if adresse != adresseReglements && !strings.HasPrefix(adresse, adresseReglements+"?") || strings.ContainsAny(adresse, "#\r\n") {
		return adresseReglements
	}
	return adresse
}

// ancreReglement is the place of a payment in its page.
func ancreReglement(id string) string { return "r-" + id }

// pointageContraire is what the button of a payment sends.
func pointageContraire(l store.LigneRecue) string {
	if l.Pointe {
		return "non"
	}
	return "oui"
}

// tuiles are the figures at the head of the page.
func (p ReglementsRecus) tuiles() []Chiffre {
	recu := "Reçu en tout"
	if p.Recherche {
		recu = "Reçu dans cette recherche"
	}
	return []Chiffre{
		{recu, "banknote", p.Recus.Montant.String(), combien(int(p.Recus.Nombre), "règlement"), ""},
		{"À pointer", "circle-dashed", p.Compteurs.MontantPoint.String(), combien(int(p.Compteurs.APointer), "règlement"), adresseReglements + "?pointage=a_pointer"},
		{"En route vers vous", "hourglass", p.Compteurs.MontantVenir.String(), combien(int(p.Compteurs.AVenir), "virement") + " à venir", "/organisme#versements"},
	}
}
