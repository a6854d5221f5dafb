package web

import (
	"mime/multipart"
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

// AccueilOF is the home of an organisme de formation: what it must send, what it must
// replace, what is on its way to it.
type AccueilOF struct {
	Piece
	api.AccueilOrganisme
	Nom string
}

// getOrganisme answers GET /organisme.
func (w *Web) getOrganisme(c *gin.Context) {
	a, err := w.Interieur.AccueilOrganisme(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := AccueilOF{Piece: w.piece(c, "Mon espace", "/organisme"), AccueilOrganisme: a, Nom: w.Interieur.Occupant(c).Entre().Nom}
	w.rendre(c, http.StatusOK, PageAccueilOF(p))
}

// tuiles are the figures of the home page.
func (p AccueilOF) tuiles() []Chiffre {
	n := p.Compteurs
	return []Chiffre{
		{"Pièces de fin attendues", "hourglass", strconv.FormatInt(n.Attendus, 10), combien(int(n.Attendus), "dossier"), "/organisme/dossiers?groupe=attendus"},
		{"En route vers vous", "banknote", n.MontantVenir.String(), combien(int(n.AVenir), "virement"), "#versements"},
		{"Règlements à pointer", "circle-dashed", strconv.FormatInt(n.APointer, 10), n.MontantPoint.String(), adresseReglements + "?pointage=a_pointer"},
		{"Documents à remplacer", "file-x", strconv.FormatInt(n.NonConformes, 10), "", adresseDocuments + "?etat=NON_CONFORME"},
	}
}

// attenduDit says what a dossier waits for: « certificat de réalisation et facture ».
func attenduDit(a store.Attendu) string {
	var noms []string
	for _, t := range a.Manquent {
		noms = append(noms, t.Libelle())
	}
	if len(noms) == 0 {
		return "Pièces à corriger"
	}
	return majuscule(liste(noms))
}

// delaiAttendu says until when what is awaited may come.
func delaiAttendu(a store.Attendu) string {
	if a.Jusquau == "" {
		return "Formation finie le " + a.Fin.Longue()
	}
	return "Jusqu’au " + a.Jusquau.Longue()
}

// quandVersement says when a payment comes: the day of its lot, else the last day.
func quandVersement(v store.VersementAttendu) string {
	if v.Execution != "" {
		return "Virement prévu le " + v.Execution.Longue()
	}
	return "Au plus tard le " + v.Echeance.Longue()
}

// groupeOF is a kind of dossier as its organisme follows it (GA-04).
type groupeOF struct {
	Cle, Nom string
	Etats    []opco.Etat
}

var groupesOF = []groupeOF{
	{"transmis", "Transmis", []opco.Etat{opco.EtatTransmise, opco.EtatACompleter}},
	{"complets", "Complets", []opco.Etat{opco.EtatEnInstruction, opco.EtatEnValidation}},
	{"accordes", "Accordés", []opco.Etat{opco.EtatAccordee, opco.EtatAccordeePartielle, opco.EtatEnRealisation, opco.EtatAttenteServiceFait,
		opco.EtatSFEnControle, opco.EtatSFNonConforme, opco.EtatEnReglement, opco.EtatRegleePartielle, opco.EtatReglee}},
	{"attendus", "Vous attendent", []opco.Etat{opco.EtatAttenteServiceFait, opco.EtatSFNonConforme}},
	{"termines", "Terminés", []opco.Etat{opco.EtatRefusee, opco.EtatSansSuite, opco.EtatAnnulee, opco.EtatCloturee}},
}

func (g groupeOF) compte(n store.Compteurs) int {
	t := 0
	for _, x := range n.Etats {
		if slices.Contains(g.Etats, opco.Etat(x.Code)) {
			t += int(x.Nombre)
		}
	}
	return t
}

// DossiersOF is the list of the dossiers that name an organisme.
type DossiersOF struct {
	Piece
	Onglets []Onglet
	Liste   ListeDossiers
	Curseur PageListe
	Filtre  bool
}

const adresseDossiersOF = "/organisme/dossiers"

// getDossiersOrganisme answers GET /organisme/dossiers.
func (w *Web) getDossiersOrganisme(c *gin.Context) {
	f, saisi := filtreDossiers(c)
	groupe := c.Query("groupe")
	if !slices.ContainsFunc(groupesOF, func(g groupeOF) bool { return g.Cle == groupe }) {
		groupe = ""
	}
	f = filtreOF(f, groupe)
	if w.exporter(c, saisi.Erreurs, w.tableauDossiers(c, f)) {
		return
	}
	statut := http.StatusOK
	if len(saisi.Erreurs) > 0 {
		statut = http.StatusUnprocessableEntity
	}
	page, err := w.Interieur.ListeDeDossiers(c, f)
	if err != nil {
		w.echouer(c, err)
		return
	}
	n, err := w.Interieur.CompteursDeDossiers(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := DossiersOF{Piece: w.piece(c, "Dossiers", adresseDossiersOF)}
	p.SuivreListe()
	p.Formulaire = saisi
	p.remplir(groupe, f.Apres, page, n)
	p.Curseur.Export = exportDe(c, len(page.Dossiers))
	w.rendre(c, statut, PageDossiersOF(p))
}

// filtreOF is the filter of a list of an organisme: a group of états, all without one.
func filtreOF(f store.Filtre, groupe string) store.Filtre {
	f.Etablissement, f.Etats = "", nil
	if i := slices.IndexFunc(groupesOF, func(g groupeOF) bool { return g.Cle == groupe }); i >= 0 {
		f.Etats = groupesOF[i].Etats
	}
	return f
}

// remplir lays out the list.
func (p *DossiersOF) remplir(groupe, apres string, page store.PageDossiers, n store.Compteurs) {
	if p.Valeurs == nil {
		p.Valeurs = url.Values{}
	}
	v := p.Valeurs
	v.Del("etablissement")
	p.Filtre = slices.ContainsFunc(champsFiltre, func(x string) bool { return v.Get(x) != "" })
	tous := groupeOF{Etats: opco.Etats()}
	p.Onglets = []Onglet{{"Tous", adresseFiltree(adresseDossiersOF, v, "groupe", ""), tous.compte(n), groupe == ""}}
	for _, g := range groupesOF {
		p.Onglets = append(p.Onglets, Onglet{g.Nom, adresseFiltree(adresseDossiersOF, v, "groupe", g.Cle), g.compte(n), groupe == g.Cle})
	}
	p.Liste = ListeDossiers{Legende: "Du plus récent au plus ancien", Base: adresseDossiersOF + "/", Lignes: page.Dossiers}
	p.Curseur = curseurListe(adresseFiltree(adresseDossiersOF, v, "groupe", groupe), apres, page.Suivant)
	v.Set("groupe", groupe)
}

// DossierOF is the page of one dossier for its organisme.
type DossierOF struct {
	Piece
	DossierLu
	Onglet   string
	Talon    Talon
	Onglets  []Onglet
	Montants []LigneMontant
	Decidee  bool
	Vues     []PieceVue
	Depots   Depots
	Indus    []store.LigneIndu // found in the dossier, and notified
	Faits    []Fait
	Lettres  []store.LigneCourrier
	Blocage  *Blocage
	Ecrit    bool         // the reader may write to the OPCO
	NonLus   int          // messages that wait for the organisme
	Echange  *FilEchanges // the thread with the OPCO, when it is what is shown
}

// Blocage is why a payment waits, in one sentence, and who acts.
type Blocage struct{ Ton, Phrase, Qui string }

func baseOrganisme(id string) string { return adresseDossiersOF + "/" + id }

// getDossierOrganisme answers GET /organisme/dossiers/:id and its parts.
func (w *Web) getDossierOrganisme(c *gin.Context) {
	_, onglet, _ := strings.Cut(strings.TrimPrefix(c.FullPath(), adresseDossiersOF+"/"), "/")
	w.montrerDossierOF(c, http.StatusOK, onglet, nil, MotsDepot{})
}

// montrerDossierOF shows a part of a dossier; envois is what became of files just sent.
func (w *Web) montrerDossierOF(c *gin.Context, statut int, onglet string, envois []Envoi, mots MotsDepot) {
	d, err := w.Interieur.DossierLu(c, c.Param("id"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := DossierOF{Piece: w.piece(c, titreDossier(d.Ligne), adresseDossiersOF), DossierLu: d}
	if err := w.completerDossierOF(c, &p, onglet); err != nil {
		w.echouer(c, err)
		return
	}
	p.Suivre(d.Dossier.ID, d.Dossier.Rang)
	p.disposer(onglet, envois, mots)
	w.rendre(c, statut, PageDossierOF(p))
}

// disposer lays out what the page shows.
func (p *DossierOF) disposer(onglet string, envois []Envoi, mots MotsDepot) {
	d, base := &p.Dossier, baseOrganisme(p.Dossier.ID)
	p.Onglet, p.Talon = onglet, talonDe(p.Suivi, base)
	p.Montants, p.Decidee = lignesMontants(d)
	p.Vues, p.Faits, p.Blocage = p.piecesVues(), faitsDossier(p.Journal), blocageDe(d)
	for _, x := range p.Courriers {
		if x.Lettre {
			p.Lettres = append(p.Lettres, x)
		}
	}
	p.Depots = Depots{Action: base + "/documents", Acte: p.Acte, Types: optionsPieces(p.typesAttendus()), Mots: mots, Faits: envois}
	p.Onglets = []Onglet{
		{"Accord", base, -1, onglet == ongletCouts},
		{"Stagiaires", base + "/stagiaires", len(d.Demande.Presents()), onglet == ongletStagiaires},
		{"Factures et règlements", base + "/factures", len(d.Factures), onglet == ongletFactures},
		{"Documents", base + "/documents", len(p.Pieces), onglet == ongletDocuments},
		{"Échanges", base + "/echanges", p.NonLus, onglet == ongletEchanges},
		{"Historique", base + "/historique", -1, onglet == ongletHistorique},
	}
}

// paye reports whether the OPCO pays the organisme, and not the company.
func (p DossierOF) paye() bool { return p.Dossier.Demande.Subrogation }

// geste says whether the organisme may do an acte of the end of the training now.
func (p DossierOF) geste(a opco.TypeActe) bool { return p.paye() && p.permet(a) }

// peutFacturer reports whether an invoice, or its certificat, may be sent now: the
// training is over, or it is paid period by period, and something is still reserved.
func (p DossierOF) peutFacturer() bool {
	return p.geste(opco.ActeFacturer) && opco.Somme(p.Dossier.Engagements) > 0 && (p.Dossier.Demande.Echelonnement || p.Suivi.Jour > p.Dossier.Demande.Fin)
}

// creditable reports whether an avoir may be sent: an invoice stands.
func (p DossierOF) creditable() bool {
	return p.geste(opco.ActeDeposerAvoir) && len(facturesCreditables(&p.Dossier)) > 0
}

// facturesCreditables are the invoices that an avoir may credit.
func facturesCreditables(d *opco.Dossier) []opco.Facture {
	return slices.DeleteFunc(slices.Clone(d.Factures), func(f opco.Facture) bool {
		return f.Etat.Final() || f.TotalHT <= f.TotalAvoirs()
	})
}

// getSuiviOrganisme answers GET /organisme/dossiers/:id/suivi.
func (w *Web) getSuiviOrganisme(c *gin.Context) { w.getSuiviDossier(baseOrganisme)(c) }

// postDocumentsOrganisme answers POST /organisme/dossiers/:id/documents.
func (w *Web) postDocumentsOrganisme(c *gin.Context) {
	id := c.Param("id")
	envois, mots, ok := w.recevoirFichiers(c, func(c *gin.Context, corps *multipart.Reader) error { return w.Interieur.DeposerFichier(c, id, corps) })
	if !ok {
		return
	}
	if len(envois) == 0 {
		envois = []Envoi{{Nom: "Aucun fichier", Refuse: true, Phrase: "Choisissez au moins un fichier à envoyer."}}
	}
	w.repondreEnvois(c, envois, baseOrganisme(id)+"/documents", func(statut int) { w.montrerDossierOF(c, statut, ongletDocuments, envois, mots) })
}

// blocageDe says why a payment of d waits, nil when none does.
func blocageDe(d *opco.Dossier) *Blocage {
	for _, f := range d.Factures {
		switch {
		case f.Etat == opco.FactureSuspendue:
			return &Blocage{Ambre, "La facture " + f.Numero + " est suspendue : " + minuscule(finPhrase(f.Phrase)) + " L’examen reprend dès que la pièce arrive, sans nouvelle facture.", "Vous agissez."}
		case f.Etat == opco.FactureEnLitige:
			return &Blocage{Ambre, "La facture " + f.Numero + " est en discussion : " + minuscule(finPhrase(f.Phrase)), "Répondez à votre gestionnaire."}
		case f.AvoirAttendu() > 0:
			return &Blocage{Ambre, "La facture " + f.Numero + " est acceptée pour " + f.Approuve.String() + ". Nous payons dès que nous avons votre avoir de " + f.AvoirAttendu().String() + ".", "Vous agissez."}
		}
	}
	for _, r := range slices.Backward(d.Reglements) {
		if r.Etat != opco.ReglementRejete && r.Etat != opco.ReglementRetourne {
			continue
		}
		if slices.ContainsFunc(d.Reglements, func(x opco.Reglement) bool { return x.Facture == r.Facture && x.Etat.Vivant() }) {
			continue
		}
		cause := r.Cause
		if cause == "" {
			cause = "la banque a refusé le virement"
		}
		return &Blocage{Rouge, "Le règlement " + r.Numero + " n’est pas passé : " + minuscule(finPhrase(cause)) + " Nous avons besoin d’un RIB vérifié pour payer de nouveau.", "Vous agissez : déposez votre RIB dans l’onglet Documents."}
	}
	return nil
}

// resumeOF says who asks for the training, and when it takes place.
func resumeOF(p DossierOF) string {
	x := p.Dossier.Demande
	return strings.Join([]string{p.Ligne.Entreprise, x.Duree.Heures() + " h", joursFormation(x.Debut, x.Fin), combien(len(x.Presents()), "stagiaire")}, " · ")
}

// genreSi makes one button of the page the principal one.
func genreSi(principal bool) string {
	if principal {
		return "principal"
	}
	return ""
}

func tonAttendu(a store.Attendu) string { return marques[a.Etat].Ton }

func lignesVersements(vs []store.VersementAttendu) [][]Cellule {
	var ls [][]Cellule
	for _, v := range vs {
		ls = append(ls, []Cellule{{Texte: v.Facture, Note: v.Numero, URL: baseOrganisme(v.Dossier) + "/factures"}, {Texte: v.DossierNumero}, {Texte: quandVersement(v)},
			{Corps: pastille(marquesVersement[v.Etat], false)}, {Texte: v.Montant.String()}})
	}
	return ls
}

func lignesCertificats(d opco.Dossier) [][]Cellule {
	var ls [][]Cellule
	for _, x := range d.Certificats {
		signe := "Non signé"
		if x.Signe {
			signe = "le " + x.SigneLe.Longue()
		}
		ls = append(ls, []Cellule{{Texte: strings.TrimSpace(x.Prenom + " " + x.Nom)}, {Texte: joursFormation(x.Du, x.Au)}, {Texte: x.Heures.Heures() + " h"}, {Texte: signe}})
	}
	return ls
}
