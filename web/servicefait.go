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
