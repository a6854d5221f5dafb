package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/opco"
)

// SaisieCertificats is the form of the certificats de réalisation: one line a
// stagiaire, one file for all those that are sent together.
type SaisieCertificats struct {
	Piece
	Dossier    opco.Dossier
	Numero     string
	Base, Ici  string
	Stagiaires []opco.Stagiaire
	Verdict    *VerdictDit // nil before anything was tried
	Essai      opco.EssaiCertificats
	Gardes     Gardes // the files chosen already
}

// champsCertificats are the fields of the form.
func champsCertificats() []string {
	noms := slices.Concat(champsGarde, []string{"signe_le", "signe", "action"})
	for i := 1; i <= lignesFactureMax; i++ {
		n := strconv.Itoa(i)
		noms = append(noms, "stagiaire_"+n, "heures_"+n, "du_"+n, "au_"+n)
	}
	return noms
}

// salleDossiers is a room that holds dossiers: base is the address of one, ici that of
// their list.
type salleDossiers struct {
	base func(id string) string
	ici  string
}

var (
	salleOrganisme  = salleDossiers{baseOrganisme, adresseDossiersOF}
	salleEntreprise = salleDossiers{baseEntreprise, "/entreprise/dossiers"}
)

// getCertificats answers GET …/dossiers/:id/certificats, in a room.
func (w *Web) getCertificats(s salleDossiers) gin.HandlerFunc {
	return func(c *gin.Context) { w.montrerCertificats(c, s, http.StatusOK, Formulaire{}, nil) }
}

func (w *Web) montrerCertificats(c *gin.Context, s salleDossiers, statut int, f Formulaire, e *opco.EssaiCertificats) {
	d, err := w.Interieur.DossierLu(c, c.Param("id"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := SaisieCertificats{Piece: w.piece(c, "Envoyer les certificats", s.ici), Dossier: d.Dossier, Numero: d.Ligne.Numero,
		Base: s.base(d.Dossier.ID), Ici: s.ici, Stagiaires: d.Dossier.Demande.Presents()}
	if f.Valeurs == nil {
		f.Valeurs = p.prevu(d.Suivi.Jour)
	}
	p.Formulaire = f
	if p.Gardes, err = w.fichiersGardes(c, d.Dossier.ID, f); err != nil {
		w.echouer(c, err)
		return
	}
	if e != nil {
		p.Essai, p.Verdict = *e, verdictCertificats(*e)
	}
	w.rendre(c, statut, PageSaisieCertificats(p))
}

// prevu fills the form with what was planned: whoever followed less corrects it.
func (p SaisieCertificats) prevu(jour opco.Date) url.Values {
	v := valeurs("signe_le", string(jour))
	for i, s := range p.Stagiaires {
		n := strconv.Itoa(i + 1)
		v.Set("stagiaire_"+n, s.ID)
		v.Set("du_"+n, string(p.Dossier.Demande.Debut))
		v.Set("au_"+n, string(p.Dossier.Demande.Fin))
		if !p.certifie(s) {
			v.Set("heures_"+n, s.Heures.Heures())
		}
	}
	return v
}

// heuresDites says the hours that somebody was to follow, and those certified already.
func (p SaisieCertificats) heuresDites(s opco.Stagiaire) string {
	dit := s.Heures.Heures() + "\u00a0h prévues"
	if p.certifie(s) {
		dit += ", " + heuresCertifiees(p.Dossier, s) + " déjà certifiées"
	}
	return dit
}

// certifie reports whether a certificat of s is here already.
func (p SaisieCertificats) certifie(s opco.Stagiaire) bool {
	return heuresCertifiees(p.Dossier, s) != "—"
}

// postCertificats answers POST …/dossiers/:id/certificats, in a room.
func (w *Web) postCertificats(s salleDossiers) gin.HandlerFunc {
	return func(c *gin.Context) { w.recevoirCertificats(c, s) }
}

func (w *Web) recevoirCertificats(c *gin.Context, s salleDossiers) {
	f, fichier, ok := w.formulaireFichier(c, champsCertificats()...)
	if !ok {
		return
	}
	id := c.Param("id")
	d, err := w.Interieur.DossierLu(c, id)
	if err != nil {
		w.echouer(c, err)
		return
	}
	montrer := func(statut int, f Formulaire) { w.montrerCertificats(c, s, statut, f, nil) }
	if f, err = w.garderFichier(c, id, opco.PieceCertificat, f, fichier); err != nil {
		w.montrerRefus(c, f, err, nil, montrer)
		return
	}
	l, essai := lecteur{Formulaire: f}, f.Valeur("action") == "essayer"
	cs := l.certificats(d.Dossier, essai)
	l.exiger("fichier", f.Valeur("garde") != "" || essai, "Joignez les certificats signés : un seul fichier suffit pour tous.")
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	if err := w.agirCertificats(c, s, f, cs); err != nil {
		w.montrerRefus(c, f, err, champsDesCertificats, montrer)
	}
}

// champsDesCertificats are the fields of the API as the form calls them: all the
// certificats are in one file.
var champsDesCertificats = map[string]string{"certificats[0].piece_id": "fichier"}

// agirCertificats tries the certificats that were typed, or sends them with their file.
func (w *Web) agirCertificats(c *gin.Context, s salleDossiers, f Formulaire, cs []opco.Certificat) error {
	id, acte := c.Param("id"), f.Valeur("acte_id")
	if f.Valeur("action") == "essayer" {
		e, err := w.Interieur.EssayerCertificats(c, acte, id, cs)
		if err == nil {
			w.montrerCertificats(c, s, http.StatusOK, f, &e)
		}
		return err
	}
	for i := range cs {
		cs[i].PieceID = f.Valeur("garde")
	}
	v, err := w.Interieur.EnvoyerCertificats(c, acte, id, cs)
	if err == nil {
		w.fait(c, v, "certificats-envoyes", s.base(id)+"/factures")
	}
	return err
}

// certificats reads the lines that were filled: a line without hours is not sent, 0 is
// somebody who did not come. To try them, they need not be signed yet.
func (l *lecteur) certificats(d opco.Dossier, essai bool) []opco.Certificat {
	var cs []opco.Certificat
	signe, signeLe := l.Valeur("signe") == "oui" || essai, opco.Date("")
	if l.Valeur("signe_le") != "" {
		signeLe = lire(l, "signe_le", opco.ParseDate)
	}
	l.exiger("signe", signe, "Un certificat s’envoie signé : cochez cette case quand ils le sont.")
	l.exiger("signe_le", signeLe != "" || l.aFaute("signe_le"), "Écrivez la date de signature.")
	for i := 1; i <= lignesFactureMax; i++ {
		n := strconv.Itoa(i)
		if strings.TrimSpace(l.Valeur("heures_"+n)) == "" {
			continue
		}
		for _, s := range d.Demande.Presents() {
			if s.ID != l.Valeur("stagiaire_"+n) {
				continue
			}
			cs = append(cs, opco.Certificat{Nom: s.Nom, Prenom: s.Prenom, NeLe: s.NeLe, Intitule: d.Demande.Intitule, Nature: d.Demande.Nature,
				Du: lire(l, "du_"+n, opco.ParseDate), Au: lire(l, "au_"+n, opco.ParseDate), Heures: l.heures("heures_" + n),
				Emetteur: emetteurCertificat(d), SigneLe: signeLe, Signe: signe})
		}
	}
	l.exiger("heures_1", len(cs) > 0, "Écrivez les heures suivies par au moins une personne ; 0 si elle n’est pas venue.")
	return cs
}

// SaisieAvoir is the form of a credit note on one invoice (S09).
type SaisieAvoir struct {
	Piece
	Dossier  opco.Dossier
	Numero   string
	Base     string
	Factures []opco.Facture
	Verdict  *VerdictDit // nil before anything was tried
}

// getAvoir answers GET /organisme/dossiers/:id/avoirs/nouveau.
func (w *Web) getAvoir(c *gin.Context) { w.montrerAvoir(c, http.StatusOK, Formulaire{}, nil) }

func (w *Web) montrerAvoir(c *gin.Context, statut int, f Formulaire, v *VerdictDit) {
	d, err := w.Interieur.DossierLu(c, c.Param("id"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := SaisieAvoir{Piece: w.piece(c, "Envoyer un avoir", adresseDossiersOF), Dossier: d.Dossier, Numero: d.Ligne.Numero,
		Base: baseOrganisme(d.Dossier.ID), Factures: facturesCreditables(&d.Dossier)}
	if f.Valeurs == nil {
		f.Valeurs = valeurs("date", string(d.Suivi.Jour))
		for _, x := range p.Factures {
			if m := x.AvoirAttendu(); m > 0 {
				f.Valeurs = valeurs("date", string(d.Suivi.Jour), "facture", x.Numero, "montant", m.Nombre())
			}
		}
	}
	p.Formulaire, p.Verdict = f, v
	w.rendre(c, statut, PageSaisieAvoir(p))
}

// options are the invoices that may be credited.
func (p SaisieAvoir) options() []Option {
	os := []Option{{"", "Choisir une facture"}}
	for _, f := range p.Factures {
		texte := "Facture " + f.Numero + ", " + f.TotalHT.String()
		if m := f.AvoirAttendu(); m > 0 {
			texte += " : avoir attendu de " + m.String()
		}
		os = append(os, Option{f.Numero, texte})
	}
	return os
}

// acte is the id of the acte that the form makes: the one it came back with.
func (p SaisieAvoir) acte() string {
	if id := p.Valeur("acte_id"); id != "" {
		return id
	}
	return p.Acte
}

// acte is the id of the acte that the form makes: the one it came back with.
func (p SaisieCertificats) acte() string {
	if id := p.Valeur("acte_id"); id != "" {
		return id
	}
	return p.Acte
}

// postAvoir answers POST /organisme/dossiers/:id/avoirs/nouveau.
func (w *Web) postAvoir(c *gin.Context) {
	f, ok := w.formulaire(c, "acte_id", "facture", "numero", "date", "montant", "action")
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	a := opco.Avoir{Numero: l.ligneTexte("numero", 60), Facture: l.ligneTexte("facture", 60), Date: lire(&l, "date", opco.ParseDate), Montant: l.montant("montant")}
	l.exiger("numero", a.Numero != "" || l.aFaute("numero"), "Écrivez le numéro de votre avoir.")
	l.exiger("facture", a.Facture != "", "Choisissez la facture que cet avoir corrige.")
	l.exiger("montant", a.Montant > 0 || l.aFaute("montant"), "Écrivez le montant de l’avoir, hors taxes.")
	montrer := func(statut int, f Formulaire) { w.montrerAvoir(c, statut, f, nil) }
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	w.agirAvoir(c, f, a, montrer)
}

// champsDeLAvoir are the fields of the API as the form calls them.
var champsDeLAvoir = map[string]string{"avoir.numero": "numero", "avoir.facture": "facture", "avoir.montant": "montant", "avoir.date": "date"}

// agirAvoir tries the avoir that was typed, or sends it.
func (w *Web) agirAvoir(c *gin.Context, f Formulaire, a opco.Avoir, montrer func(int, Formulaire)) {
	id, acte := c.Param("id"), acteDuFormulaire(c)
	if f.Valeur("action") == "essayer" {
		e, err := w.Interieur.EssayerAvoir(c, acte, id, a)
		if err != nil {
			w.montrerRefus(c, f, err, champsDeLAvoir, montrer)
			return
		}
		w.montrerAvoir(c, http.StatusOK, f, verdictAvoir(e))
		return
	}
	v, err := w.Interieur.EnvoyerAvoir(c, acte, id, a)
	if err != nil {
		w.montrerRefus(c, f, err, champsDeLAvoir, montrer)
		return
	}
	w.fait(c, v, "avoir-envoye", baseOrganisme(id)+"/factures")
}

// emetteurCertificat is who trained, and signs: the company itself for a formation
// interne.
func emetteurCertificat(d opco.Dossier) opco.SIRET {
	if d.Demande.Interne {
		return d.Demande.Etablissement
	}
	return d.Demande.Organisme.SIRET
}
