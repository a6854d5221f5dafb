package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// moiDit names the reader in a filter.
const moiDit = "moi"

// champsFile are the fields of the filter of a queue, in the address.
var champsFile = []string{"file", "perimetre", "attente", "q", "etat", "branche", "etablissement", "organisme", "instructeur", "etiquette",
	"prise", "retard", "debut_du", "debut_au", "montant_min", "montant_max", "limite_au"}

// filtresFile are those that the form of the filter offers beside the search.
var filtresFile = []string{"etat", "branche", "etablissement", "organisme", "instructeur", "etiquette", "prise", "retard", "debut_du", "debut_au",
	"montant_min", "montant_max", "limite_au"}

// FileTravail is a queue of work: its lines, how it is filtered, and what is taken next.
type FileTravail struct {
	Piece
	File     store.File
	Filtre   url.Values // as the address says it, without the page
	Lignes   []store.LigneFile
	Nombre   int64 // of the filter; there are more when Plus
	Plus     bool
	Onglets  []Onglet // mine, the team's, set aside
	Vues     []Onglet // those that are kept
	Choix    ChoixFile
	Prochain *Prochain
	Jour     opco.Date
	Reglages opco.ParametresFile
	Liste    PageListe
	Prend    bool // the reader takes from this queue
	Dirige   bool
}

// Prochain is the first dossier of a queue that nobody holds, and why it is.
type Prochain struct{ ID, Numero, Pourquoi, Ton string }

// getTravail answers GET /instruction: a queue, or the view that the reader opens
// first, or the queue where something waits for them.
func (w *Web) getTravail(c *gin.Context) {
	vues, err := w.Interieur.Vues(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	if c.Request.URL.RawQuery == "" {
		if i := slices.IndexFunc(vues, func(v store.VueEnregistree) bool { return v.Defaut }); i >= 0 && vues[i].Filtre != "" {
			suite(c, "/instruction?"+vues[i].Filtre)
			return
		}
	}
	q := filtreDe(c, champsFile...)
	if c.Query("file") == "" && len(q) == 0 {
		if q, err = w.filtreDepart(c); err != nil {
			w.echouer(c, err)
			return
		}
	}
	w.montrerTravail(c, http.StatusOK, q, vues, Formulaire{})
}

// montrerTravail draws a queue.
func (w *Web) montrerTravail(c *gin.Context, statut int, q url.Values, vues []store.VueEnregistree, form Formulaire) {
	o := w.Interieur.Occupant(c)
	f, fautes := lireFiltreFile(q)
	if statut == http.StatusOK && w.exporter(c, fautes, w.tableauFile(c, f)) {
		return
	}
	p := FileTravail{Piece: w.piece(c, nomFile(f), adresseFile(f.File)), File: f.File, Filtre: q, Prend: f.File.Prenable(o.Role) || f.File == "" && prend(o.Role),
		Dirige: o.Role == opco.RoleResponsable}
	p.Page = p.avec("equipe.css").avecModule("travail.js")
	p.SuivreListe()
	p.Formulaire = form
	if len(fautes) > 0 {
		statut, p.Formulaire = http.StatusUnprocessableEntity, Formulaire{Valeurs: q, Erreurs: append(form.Erreurs, fautes...)}
	}
	f.Apres, f.Limite = c.Query("apres"), 50
	page, err := w.Interieur.FileTravail(c, f)
	if err == nil {
		p.Lignes, p.Nombre, p.Plus = page.Dossiers, page.Nombre, page.Plus
		p.Liste = PageListe{Suivant: pageSuivante("/instruction", q, page.Suivant)}
		if f.Apres != "" {
			p.Liste.Debut = adresseFiltre(q)
		}
		p.Choix, err = w.Interieur.ChoixFile(c)
	}
	if err == nil {
		p.Reglages, p.Jour, err = w.Interieur.ParametresFile(c)
	}
	if err == nil {
		err = w.onglets(c, &p, f, vues)
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.Liste.Dit, p.Liste.Export = p.compteDit(), exportDe(c, len(p.Lignes))
	if f.Apres == "" && p.Prend {
		p.Prochain = p.prochain()
	}
	api.Montrer(c.Request.Context(), "liste", len(p.Lignes))
	w.rendre(c, statut, PageTravail(p))
}

// onglets counts the perimeters of the queue and the views that are kept.
func (w *Web) onglets(c *gin.Context, p *FileTravail, f store.FiltreFile, vues []store.VueEnregistree) error {
	courante := p.Filtre.Encode()
	for _, x := range []struct{ nom, perimetre, attente string }{{"Mon portefeuille", "", ""}, {"Toute l’équipe", "equipe", ""}, {"En attente", "equipe", "oui"}} {
		q := filtreFile(f.File, store.Perimetre(x.perimetre))
		if x.attente != "" {
			q.Set("attente", x.attente)
		}
		n, err := w.compterFiltre(c, q)
		if err != nil {
			return err
		}
		p.Onglets = append(p.Onglets, Onglet{Nom: x.nom, URL: adresseFiltre(q), Compte: int(n),
			Courant: p.Filtre.Get("perimetre") == x.perimetre && p.Filtre.Get("attente") == x.attente})
	}
	for _, v := range vues[:min(len(vues), vuesMontrees)] {
		q, err := url.ParseQuery(v.Filtre)
		if err != nil {
			continue // of another age
		}
		ff, fautes := lireFiltreFile(q)
		if len(fautes) > 0 {
			continue
		}
		n, err := w.Interieur.CompterTravail(c, ff)
		if err != nil {
			return err
		}
		p.Vues = append(p.Vues, Onglet{Nom: v.Nom, URL: adresseFiltre(q), Compte: int(n), Courant: q.Encode() == courante})
	}
	if slices.ContainsFunc(p.Vues, func(o Onglet) bool { return o.Courant }) {
		for i := range p.Onglets {
			p.Onglets[i].Courant = false
		}
	}
	return nil
}

// vuesMontrees is how many views a queue counts and shows; the others are on their page.
const vuesMontrees = 8

// adresseFiltre is the address of a filter.
func adresseFiltre(q url.Values) string {
	if len(q) == 0 {
		return "/instruction"
	}
	return "/instruction?" + q.Encode()
}

// lireFiltreFile reads the filter of an address. A field that does not read filters
// nothing, and is told.
func lireFiltreFile(q url.Values) (store.FiltreFile, []Faute) {
	l := lecteur{Formulaire: Formulaire{Valeurs: q}}
	f := store.FiltreFile{Filtre: store.Filtre{File: store.File(q.Get("file")), Texte: q.Get("q"), Instructeur: q.Get("instructeur")},
		Perimetre: store.PerimetreMien, EnAttente: q.Get("attente") != "", IDCC: q.Get("branche"), Etiquette: q.Get("etiquette"),
		Prise: q.Get("prise"), EnRetard: q.Get("retard") != ""}
	if f.File == "" {
		f.File = store.FileInstruction
	}
	if _, connue := store.Files()[f.File]; !connue && f.File != toutesFiles {
		l.noter("file", opco.Champf("file", "Cette file n’existe pas : choisissez-en une dans le menu."))
		f.File = store.FileInstruction
	}
	if f.File == toutesFiles {
		f.File = ""
	}
	if q.Get("perimetre") == string(store.PerimetreEquipe) {
		f.Perimetre = store.PerimetreEquipe
	}
	if e := q.Get("etat"); e != "" {
		f.Etats = []opco.Etat{opco.Etat(e)}
	}
	f.Etablissement, f.Organisme = l.siretFiltre("etablissement"), l.siretFiltre("organisme")
	for champ, dans := range map[string]*opco.Date{"debut_du": &f.DebutDu, "debut_au": &f.DebutAu, "limite_au": &f.LimiteAu} {
		if q.Get(champ) != "" {
			*dans = lire(&l, champ, opco.ParseDate)
		}
	}
	for champ, dans := range map[string]*opco.Montant{"montant_min": &f.MontantMin, "montant_max": &f.MontantMax} {
		if q.Get(champ) != "" {
			*dans = lire(&l, champ, opco.ParseMontant)
		}
	}
	return f, l.fautes
}

// toutesFiles names all the queues at once.
const toutesFiles store.File = "toutes"

// siretFiltre reads a SIRET that may be empty.
func (l *lecteur) siretFiltre(champ string) string {
	if strings.TrimSpace(l.Valeur(champ)) == "" {
		return ""
	}
	return string(lire(l, champ, opco.ParseSIRET))
}

// postSuivant answers POST /instruction/suivant: the next dossier of the queue, which
// is then open; or the queue again, with what to do when nothing is left.
func (w *Web) postSuivant(c *gin.Context) {
	f, ok := w.formulaire(c, "file", "perimetre")
	if !ok {
		return
	}
	file := store.File(f.Valeur("file"))
	if file == toutesFiles {
		file = ""
	}
	x, err := w.Interieur.PrendreSuivant(c, acteDuFormulaire(c), file, f.Valeur("perimetre") == string(store.PerimetreEquipe))
	if err != nil {
		w.echouer(c, err)
		return
	}
	if x.Dossier == "" {
		w.annoncer(c, "file-finie")
		suite(c, adresseFiltre(filtreFile(file, store.PerimetreEquipe)))
		return
	}
	w.annoncer(c, "pris")
	suite(c, adresseTravail(x.Dossier, x.File))
}

// adresseTravail is where a dossier of a queue is treated: the service fait has a page
// of its own.
func adresseTravail(id string, f store.File) string {
	base := "/instruction/dossiers/" + url.PathEscape(id)
	if f == store.FileServiceFait || f == store.FileFactures {
		return base + "/service-fait"
	}
	return base
}

// idNeuf names something that a form is about to make.
func idNeuf(saisi string) string {
	if u, err := uuid.Parse(saisi); err == nil {
		return u.String()
	}
	return uuid.NewString()
}
