package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// corpsModele is the model of a company's invoice: the invoice as it is sent, and what
// the paper says around it (AK-47).
type corpsModele struct {
	Facture      factureAEnvoyer      `json:"facture"`
	Emetteur     opco.PartieFacture   `json:"emetteur"`
	Destinataire opco.PartieFacture   `json:"destinataire"`
	Dossier      string               `json:"dossier"`
	Intitule     string               `json:"intitule"`
	Organisme    string               `json:"organisme,omitempty"`
	Debut        opco.Date            `json:"debut"`
	Fin          opco.Date            `json:"fin"`
	Stagiaires   []string             `json:"stagiaires"`
	Assistant    string               `json:"assistant,omitempty"`
	LigneDirecte string               `json:"ligne_directe,omitempty"`
	Mentions     opco.MentionsFacture `json:"mentions"`
	Sincerite    string               `json:"sincerite"`
}

// LireFactureModele answers GET /api/dossiers/{id}/facture-modele: the invoice that
// would be right today, on the paper of the model.
func (s *Server) LireFactureModele(ctx context.Context, r LireFactureModeleRequestObject) (LireFactureModeleResponseObject, error) {
	p, err := s.PreparerFacture(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	x, err := s.modele(ctx, r.Id, p.Facture, p.Mentions)
	if err != nil {
		return nil, err
	}
	return LireFactureModele200JSONResponse{Facture: aEnvoyer(x.Facture), Emetteur: x.Emetteur, Destinataire: x.Destinataire, Dossier: x.Dossier, Intitule: x.Intitule,
		Organisme: x.Organisme, Debut: x.Debut, Fin: x.Fin, Stagiaires: x.Stagiaires, Assistant: x.Assistant, LigneDirecte: x.LigneDirecte, Mentions: x.Mentions, Sincerite: x.Sincerite}, nil
}

// modele writes an invoice of the company of a dossier on the paper of the model.
func (s *Server) modele(ctx context.Context, dossier string, fac opco.Facture, m opco.MentionsFacture) (opco.FactureModele, error) {
	d, _, err := s.deSonCote(ctx, dossier)
	if err != nil {
		return opco.FactureModele{}, err
	}
	if _, paye := d.Beneficiaire(); paye != opco.RoleEntreprise || qui(ctx).Role != opco.RoleEntreprise {
		return opco.FactureModele{}, opco.Errorf(opco.Forbidden, "Ce modèle est celui de l’entreprise qui demande son remboursement.")
	}
	e, err := s.Store.Etablissement(ctx, qui(ctx).Portee(), d.Demande.Etablissement)
	if err != nil {
		return opco.FactureModele{}, err
	}
	o, err := s.destinataireFacture(ctx)
	if err != nil {
		return opco.FactureModele{}, err
	}
	fac.Destinataire = o.SIRET
	x := opco.ModeleDeFacture(d, fac, opco.PartieFacture{Nom: e.Nom, Adresse: adresseDe(e), SIRET: e.SIRET, Adherent: e.Client}, o, m)
	u, ok, err := s.Store.UniteDe(ctx, e)
	if ok {
		x.Assistant, x.LigneDirecte = assistantDe(u)
	}
	return x, err
}

func adresseDe(e store.Etablissement) []string {
	var l []string
	for _, x := range []string{e.Adresse, strings.TrimSpace(e.CodePostal + " " + e.Ville)} {
		if x != "" {
			l = append(l, x)
		}
	}
	return l
}

// destinataireFacture is the OPCO as an invoice names it.
func (s *Server) destinataireFacture(ctx context.Context) (opco.PartieFacture, error) {
	o, err := s.Store.OPCO(ctx)
	if err != nil {
		return opco.PartieFacture{}, err
	}
	le, err := s.Store.Maintenant(ctx)
	if err != nil {
		return opco.PartieFacture{}, err
	}
	p, err := s.Store.Parametres(ctx, opco.JourDe(le))
	return opco.PartieFacture{Nom: o.Nom, Adresse: p.Comptes.Adresse, SIRET: o.SIRET, TVA: opco.TVADe(o.SIRET.SIREN())}, err
}

// assistantDe is who of a unit treats the dossiers of the plan, and their direct line.
func assistantDe(u opco.Unite) (nom, ligne string) {
	for _, i := range u.Interlocuteurs {
		if i.Fonction == opco.AssistantPlan {
			return i.Nom, i.Telephone
		}
	}
	return u.Nom, ""
}

// mentions are what the company of a dossier wrote last on its invoices, else what is
// known of it.
func (s *Server) mentions(ctx context.Context, d *opco.Dossier) (opco.MentionsFacture, error) {
	u := qui(ctx)
	m, connues, err := s.Store.MentionsFacture(ctx, u.Portee(), d.Demande.Etablissement.SIREN())
	if err != nil || connues {
		return m, err
	}
	e, err := s.Store.Etablissement(ctx, u.Portee(), d.Demande.Etablissement)
	return opco.MentionsFacture{Signataire: u.Nom, Lieu: e.Ville}, err
}

// DessinerFacture draws an invoice of the company of a dossier on the paper of the
// model. What the paper lacks is Invalid, on its field.
func (s *Server) DessinerFacture(ctx context.Context, dossier string, fac opco.Facture, m opco.MentionsFacture) ([]byte, error) {
	x, err := s.modele(ctx, dossier, fac, m)
	if err != nil {
		return nil, err
	}
	if fautes := m.Fautes(fac); len(fautes) > 0 {
		return nil, fautes[0]
	}
	if s.Config.Facture == nil {
		return nil, errors.New("nobody draws invoices here")
	}
	return s.Config.Facture(x)
}

// JoindreModele draws an invoice as DessinerFacture does, puts the PDF aside for the
// acte that sends it, and returns the id of the pièce that it becomes. What the company
// writes on its invoices is kept for the next one.
func (s *Server) JoindreModele(ctx context.Context, acte, dossier string, fac opco.Facture, m opco.MentionsFacture) (string, error) {
	pdf, err := s.DessinerFacture(ctx, dossier, fac, m)
	if err != nil {
		return "", err
	}
	d, par, err := s.deSonCote(ctx, dossier)
	if err != nil {
		return "", err
	}
	f, err := s.Fichiers.Recevoir(bytes.NewReader(pdf))
	if err != nil {
		return "", err
	}
	defer f.Jeter()
	base, err := uuid.Parse(acte)
	if err != nil {
		return "", fmt.Errorf("naming the pièce of acte %s: %w", acte, err)
	}
	c := deCote(d.ID, par, opco.PieceFacture, uuid.NewSHA1(base, []byte(f.Empreinte)).String(), etiquette("facture-"+strings.ReplaceAll(fac.Numero, "/", "-")+".pdf"), f)
	c.Format = "application/pdf" // of our own making: it needs no examination
	if err := s.Store.MettreDeCote(ctx, c, f.Garder); err != nil {
		return "", err
	}
	return c.ID, s.Store.EcrireMentionsFacture(ctx, d.Demande.Etablissement.SIREN(), m, par)
}
