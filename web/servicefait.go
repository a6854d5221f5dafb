package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// ServiceFaitPage puts side by side what was granted, what is certified and what is
// invoiced, and what it makes payable.
type ServiceFaitPage struct {
	Piece
	Etude
	Lu        ServiceFaitLu
	Argent    []EtapeArgent
	Lignes    []Comparaison
	Controles ControlesVus
	Payables  []LignePayable
	Factures  []FactureVue
	Pieces    Visionneuse
	Indus     []store.LigneIndu
	Juge      bool // the reader may judge
}

// Comparaison is one line of the table: the same thing in the accord, in the
// certificats and in the invoices, and the verdict of the check that compares them.
type Comparaison struct {
	Quoi                          string
	Accord, Certificats, Factures string // "" : without object
	Verdict                       marque
	Suite                         string
	Ecart                         bool // the certificats or the invoices differ
}

// LignePayable is what one line of the accord makes payable, with the fraction that
// gives it.
type LignePayable struct {
	Poste, Qui, Fraction      string
	Accorde, Facture, Payable opco.Montant
}

// FactureVue is an invoice and what becomes of it.
type FactureVue struct {
	Numero, Date, Phrase          string
	Etat                          marque
	Total, Approuve, NonApprouve  opco.Montant
	Jugee, AttendAvoir, EnSuspens bool
}

// getServiceFait answers GET /instruction/dossiers/:id/service-fait.
func (w *Web) getServiceFait(c *gin.Context) { w.montrerServiceFait(c, http.StatusOK, Formulaire{}) }

func (w *Web) montrerServiceFait(c *gin.Context, statut int, f Formulaire) {
	e, err := w.Interieur.Etude(c, c.Param("id"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	lu, err := w.Interieur.ServiceFait(c, e.Dossier.ID, c.Query("solde") == "oui")
	if err != nil {
		w.echouer(c, err)
		return
	}
	pieces, err := w.Interieur.PiecesDe(c, e.Dossier.ID)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := serviceFait(w.piece(c, "Service fait "+e.Dossier.Numero, "/instruction"), e, lu, visionneuse(pieces, "", adresseEtude(e.Dossier.ID), voletEtude))
	p.Etroit, p.Formulaire, p.Juge = true, f, w.acces(c, "POST "+routeActe)
	p.Suivre(e.Dossier.ID, e.Dossier.Rang)
	if p.Indus, err = w.indusDe(c, &e.Dossier); err != nil {
		w.echouer(c, err)
		return
	}
	w.rendre(c, statut, PageServiceFait(p))
}

func serviceFait(x Piece, e Etude, lu ServiceFaitLu, vue Visionneuse) ServiceFaitPage {
	p := ServiceFaitPage{Piece: x, Etude: e, Lu: lu, Argent: filDossier(&e.Dossier, e.Ligne), Pieces: vue, Controles: controlesVus(lu.Controles, vue)}
	p.Lignes, p.Payables, p.Factures = comparer(&e.Dossier, lu), payables(&e.Dossier, lu.Constat), facturesVues(&e.Dossier, lu.Constat)
	if lu.Constat != nil && e.Dossier.Etat == opco.EtatSFEnControle {
		for i := range p.Argent {
			if p.Argent[i].Nom == "Service fait" && p.Argent[i].Vide {
				p.Argent[i] = EtapeArgent{Nom: "Service fait", Montant: lu.Constat.Payable, Note: "à valider"}
			}
		}
	}
	return p
}

// pire returns the worst verdict of a check, for a subject when it is given.
func pire(cs []opco.Controle, code, sujet string) (marque, string, bool) {
	ordre := []opco.Resultat{opco.ResultatBlock, opco.ResultatWarn, opco.ResultatAttendu, opco.ResultatOK, opco.ResultatSansObjet}
	choisi := -1
	var trouve opco.Controle
	for _, c := range cs {
		if c.Code != code || sujet != "" && c.Sujet != sujet {
			continue
		}
		if rang := slices.Index(ordre, c.Resultat); choisi < 0 || rang < choisi {
			choisi, trouve = rang, c
		}
	}
	if choisi < 0 {
		return marque{}, "", false
	}
	suite := ""
	if trouve.Resultat != opco.ResultatOK {
		suite = trouve.Phrase
	}
	return verdicts[trouve.Resultat], suite, trouve.Resultat == opco.ResultatWarn || trouve.Resultat == opco.ResultatBlock
}

// comparer makes the lines of the table.
func comparer(d *opco.Dossier, lu ServiceFaitLu) []Comparaison {
	var ls []Comparaison
	ajouter := func(l Comparaison, code, sujet string) {
		l.Verdict, l.Suite, l.Ecart = pire(lu.Controles, code, sujet)
		ls = append(ls, l)
	}
	titres, periodes, signes := []string{}, []string{}, []string{}
	for _, x := range d.Certificats {
		titres, periodes = sansDoublon(titres, x.Intitule), sansDoublon(periodes, periodeCourte(x.Du, x.Au))
		signe := "non signé"
		if x.Signe {
			signe = "signé le " + x.SigneLe.Courte()
		}
		signes = sansDoublon(signes, signe)
	}
	var facturees []string
	var total opco.Montant
	for _, f := range d.Factures {
		if !f.Etat.Final() {
			total += f.TotalHT - f.TotalAvoirs()
			if f.Du != "" {
				facturees = sansDoublon(facturees, periodeCourte(f.Du, f.Au))
			}
		}
	}
	ajouter(memeIntitule(d.Demande.Intitule, titres), "SF2", "")
	ajouter(Comparaison{Quoi: "Stagiaires", Accord: combienVus(len(d.Demande.Presents()), "stagiaire"), Certificats: combienVus(personnesCertifiees(d), "stagiaire")}, "SF6", "")
	ajouter(Comparaison{Quoi: "Dates", Accord: periodeCourte(d.Demande.Debut, d.Demande.Fin), Certificats: strings.Join(periodes, " ; "), Factures: strings.Join(facturees, " ; ")}, "SF3", "")
	for _, s := range d.Demande.Presents() {
		l := Comparaison{Quoi: "Heures, " + s.Prenom + " " + s.Nom, Accord: heures(heuresAccordees(d, s)), Certificats: certifieesDe(d, s), Factures: heuresFacturees(d, s)}
		ajouter(l, "SF4", s.ID)
	}
	if x := prixDeLHeure(d); x.Factures != "" {
		ajouter(x, "SF5", "")
	}
	accorde := ""
	if d.Decision != nil {
		accorde = d.Decision.Accorde.String()
	}
	l := Comparaison{Quoi: "Total hors taxes", Accord: accorde, Factures: montantOuTiret(total)}
	ajouter(l, "SF10", "")
	ajouter(Comparaison{Quoi: "Signature", Certificats: strings.Join(signes, " ; ")}, "SF8", "")
	return ls
}

func sansDoublon(xs []string, x string) []string {
	if x == "" || slices.Contains(xs, x) {
		return xs
	}
	return append(xs, x)
}

// periodeCourte writes « 04/05/2026 au 08/05/2026 ».
func periodeCourte(du, au opco.Date) string {
	switch {
	case du == "":
		return ""
	case au == "" || au == du:
		return du.Courte()
	}
	return du.Courte() + " au " + au.Courte()
}

func personnesCertifiees(d *opco.Dossier) int {
	n := 0
	for _, s := range d.Demande.Presents() {
		if certifieesDe(d, s) != "" {
			n++
		}
	}
	return n
}

func heuresAccordees(d *opco.Dossier, s opco.Stagiaire) opco.Minutes {
	if d.Decision != nil {
		for _, p := range d.Decision.Stagiaires {
			if p.Stagiaire == s.ID {
				return p.Heures
			}
		}
	}
	return s.Heures
}

// certifieesDe sums the certificats of a stagiaire, "" when there is none.
func certifieesDe(d *opco.Dossier, s opco.Stagiaire) string {
	var m opco.Minutes
	n := 0
	for _, c := range d.CertificatsDe(s) {
		m, n = m+c.Heures, n+1
	}
	if n == 0 {
		return ""
	}
	return heures(m)
}

// heuresFacturees sums the hours that invoices name for a stagiaire, "" when none does.
func heuresFacturees(d *opco.Dossier, s opco.Stagiaire) string {
	var m opco.Minutes
	for _, f := range d.Factures {
		if f.Etat.Final() {
			continue
		}
		for _, l := range f.Lignes {
			if opco.CleNom(l.Stagiaire) == opco.CleNom(s.Prenom+" "+s.Nom) {
				m += l.Heures
			}
		}
	}
	if m == 0 {
		return ""
	}
	return heures(m)
}

// payables tells line by line what is payable, with the exact fraction of the hours.
func payables(d *opco.Dossier, k *opco.Constat) []LignePayable {
	if k == nil {
		return nil
	}
	var ls []LignePayable
	for _, l := range k.Lignes {
		x := LignePayable{Poste: l.Ligne.Libelle(), Accorde: l.Accorde, Facture: l.Facture, Payable: l.Payable, Fraction: "montant accordé"}
		for _, s := range d.Demande.Stagiaires {
			if s.ID == l.Stagiaire {
				x.Qui = s.Prenom + " " + s.Nom
			}
		}
		if l.Stagiaire != "" {
			x.Fraction = l.Accorde.String() + " × " + heures(min(l.Certifie, l.Prevu)) + " ÷ " + heures(l.Prevu)
		}
		ls = append(ls, x)
	}
	return ls
}

func facturesVues(d *opco.Dossier, k *opco.Constat) []FactureVue {
	var vs []FactureVue
	for _, f := range d.Factures {
		v := FactureVue{Numero: f.Numero, Date: f.RecueLe.Longue(), Etat: marque{f.Etat.String(), "receipt-text", tonFacture(f.Etat)}, Total: f.TotalHT, Phrase: f.Phrase,
			Approuve: f.Approuve, NonApprouve: f.NonApprouve, Jugee: f.Etat.Approuve(), AttendAvoir: f.AttendAvoir, EnSuspens: f.Etat == opco.FactureSuspendue}
		if k != nil && !v.Jugee {
			for _, x := range k.Factures {
				if x.Facture == f.ID {
					v.Approuve, v.NonApprouve, v.Phrase, v.AttendAvoir, v.Jugee = x.Approuve, x.NonApprouve, x.Phrase, x.AttendAvoir, true
				}
			}
		}
		vs = append(vs, v)
	}
	return vs
}

func tonFacture(e opco.EtatFacture) string {
	switch {
	case e == opco.FactureRefusee || e == opco.FactureRejetee:
		return Rouge
	case e == opco.FactureSuspendue:
		return Ambre
	case e.Approuve():
		return Vert
	}
	return Bleu
}

// resume says in one sentence what the comparison makes payable.
func (p ServiceFaitPage) resume() (ton, fort, suite string) {
	k := p.Lu.Constat
	if k == nil {
		return Ambre, "Rien ne peut être validé pour l’instant.", p.Lu.Empeche
	}
	var non opco.Montant
	for _, f := range k.Factures {
		non += f.NonApprouve
	}
	switch {
	case non > 0:
		return Ambre, "On paie " + k.Payable.String() + " ; " + non.String() + " ne sont pas payés.", phrasesFactures(k)
	case k.Payable == 0:
		return Ambre, "Personne n’a suivi la formation : rien à payer.", "Valider rend tout l’engagement à l’enveloppe et clôt le dossier."
	}
	return Vert, "Tout concorde : on paie " + k.Payable.String() + ".", ""
}

func phrasesFactures(k *opco.Constat) string {
	var ps []string
	for _, f := range k.Factures {
		ps = sansDoublon(ps, f.Phrase)
	}
	return strings.Join(ps, " ")
}

// payable is what would be paid, and what would not.
func (p ServiceFaitPage) payable() (paye, non opco.Montant) {
	if p.Lu.Constat == nil {
		return 0, 0
	}
	for _, f := range p.Lu.Constat.Factures {
		non += f.NonApprouve
	}
	return p.Lu.Constat.Payable, non
}

func (p ServiceFaitPage) boutonValider() string {
	paye, non := p.payable()
	switch {
	case paye == 0:
		return "Clore sans payer"
	case non > 0:
		return "Approuver en partie"
	}
	return "Approuver"
}

// pieceFin is the address of the first pièce of the end in the viewer.
func (p ServiceFaitPage) pieceFin() string {
	if _, url := p.Pieces.preuve([]opco.TypePiece{opco.PieceCertificat, opco.PieceFacture}); url != "" {
		return url
	}
	return adresseEtude(p.Dossier.ID)
}

// libere is what would be given back to the envelope.
func (p ServiceFaitPage) libere() opco.Montant {
	if p.Lu.Constat == nil {
		return 0
	}
	return opco.Somme(p.Lu.Constat.Liberes)
}

// factureOuverte reports whether an invoice waits to be judged.
func (p ServiceFaitPage) factureOuverte() bool {
	return slices.ContainsFunc(p.Dossier.Factures, func(f opco.Facture) bool { return f.Etat.Ouverte() })
}

// heures writes a duration as the comparison does: « 28,00 h ».
func heures(m opco.Minutes) string { return m.Heures() + "\u00a0h" }

// memeIntitule compares titles: the certificats that repeat the title of the accord
// say so shortly.
func memeIntitule(accord string, titres []string) Comparaison {
	l := Comparaison{Quoi: "Intitulé", Accord: accord, Certificats: strings.Join(titres, " ; ")}
	if len(titres) == 1 && opco.CleRecherche(titres[0]) == opco.CleRecherche(accord) {
		l.Certificats = "identique"
	}
	return l
}

// prixDeLHeure compares the price of an hour: granted, to the nearest cent, and
// invoiced.
func prixDeLHeure(d *opco.Dossier) Comparaison {
	l := Comparaison{Quoi: "Prix de l’heure"}
	var prix []string
	for _, f := range d.Factures {
		for _, x := range f.Lignes {
			if !f.Etat.Final() && x.Ligne == opco.LignePeda && x.Heures > 0 {
				prix = sansDoublon(prix, x.Montant.Fraction(60, int64(x.Heures)).String())
			}
		}
	}
	l.Factures = strings.Join(prix, " ; ")
	if d.Decision == nil {
		return l
	}
	var somme opco.Montant
	var minutes opco.Minutes
	for _, p := range d.Decision.Stagiaires {
		somme, minutes = somme+p.Peda, minutes+p.Heures
	}
	if minutes > 0 {
		l.Accord = somme.Fraction(60, int64(minutes)).String()
	}
	return l
}
