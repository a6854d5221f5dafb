package courrier

import (
	"cmp"
	"slices"

	"guichet/opco"
)

// Rediger turns a line of the outbox into the event to tell. Every event of opco
// has its words here; one without is an error, never a silence.
func Rediger(e opco.Envoi) (Evenement, error) {
	r := redaction{e, enTete(e)}
	ecrire, ok := redactions[e.Courrier.Evenement]
	if !ok {
		return nil, opco.Errorf(opco.Invalid, "Aucun courrier n’est prévu pour « %s ».", e.Courrier.Evenement)
	}
	return ecrire(r)
}

// redaction is one event being worded.
type redaction struct {
	e      opco.Envoi
	entete Envoi
}

var redactions = map[opco.Evenement]func(redaction) (Evenement, error){
	opco.CourrierDepot:             redaction.depot,
	opco.CourrierComplement:        redaction.complement,
	opco.CourrierRelanceComplement: redaction.complement,
	opco.CourrierComplementRecu:    redaction.complementRecu,
	opco.CourrierSansSuite:         redaction.sansSuite,
	opco.CourrierAccord:            redaction.accord,
	opco.CourrierAccordPartiel:     redaction.accord,
	opco.CourrierRefus:             redaction.refus,
	opco.CourrierAnnulation:        redaction.annulation,
	opco.CourrierPiecesFin:         redaction.rappelFin,
	opco.CourrierRappelPieces:      redaction.rappelFin,
	opco.CourrierNonConforme:       redaction.nonConforme,
	opco.CourrierForclusion:        redaction.forclusion,
	opco.CourrierCloture:           redaction.cloture,
	opco.CourrierFactureRecue:      redaction.factureRecue,
	opco.CourrierFactureSuspendue:  redaction.factureNonConforme,
	opco.CourrierFactureRefusee:    redaction.factureNonConforme,
	opco.CourrierFactureApprouvee:  redaction.factureApprouvee,
	opco.CourrierAvisVirement:      redaction.virement,
	opco.CourrierRejetBancaire:     redaction.rejetBancaire,
	opco.CourrierMessage:           redaction.messageRecu,
	opco.CourrierInduNotifie:       redaction.indu,
	opco.CourrierInduRelance:       redaction.indu,
	opco.CourrierInduReponse:       redaction.indu,
	opco.CourrierRIBPropose:        redaction.rib,
	opco.CourrierRIBRefuse:         redaction.rib,
	opco.CourrierRIBActif:          redaction.rib,
	opco.CourrierRIBGele:           redaction.rib,
}

func enTete(e opco.Envoi) Envoi {
	d := e.Dossier.Demande
	organisme := d.Organisme.Nom
	if d.Interne {
		organisme = ""
	}
	a := Destinataire{Role: e.Courrier.Pour, Nom: e.Destinataire, Adresse: e.Adresse, Courriel: e.Courriel}
	if e.Courrier.Pour == opco.RoleEntreprise {
		a.Reference = d.ReferenceClient
	}
	dos := Dossier{ID: e.Dossier.ID, Numero: e.Dossier.Numero, Entreprise: e.Entreprise, Organisme: organisme,
		Formation: d.Intitule, Debut: d.Debut, Fin: d.Fin, Duree: d.Duree}
	for _, s := range d.Presents() {
		dos.Stagiaires = append(dos.Stagiaires, s.Prenom+" "+s.Nom)
	}
	return Envoi{ID: e.IDMessage(), Le: opco.JourDe(e.Le), A: a, Signataire: signataire(e), Dossier: dos}
}

// signataire is the person in charge of the dossier, when there is one.
func signataire(e opco.Envoi) Signataire {
	p := e.Dossier.InstruitPar
	if dec := e.Dossier.Decision; dec != nil && dec.DecidePar.Role.Interne() && dec.DecidePar.Role != opco.RoleSysteme {
		p = dec.DecidePar
	}
	switch p.Role {
	case opco.RoleGestionnaire:
		return Signataire{Nom: p.Nom, Fonction: "Gestionnaire"}
	case opco.RoleResponsable:
		return Signataire{Nom: p.Nom, Fonction: "Responsable d’équipe"}
	}
	return Signataire{}
}

func (r redaction) depose() opco.Date { return opco.JourDe(r.e.Dossier.DeposeLe) }

// contester is the last day to contest a decision taken on the day of the letter.
func (r redaction) contester() opco.Date { return r.entete.Le.Mois(r.e.Parametres.RecoursMois) }

// forclos is the last day to send the pièces de fin.
func (r redaction) forclos() opco.Date {
	return r.e.Dossier.Demande.Fin.Mois(r.e.Parametres.ForclusionMois)
}

func (r redaction) depot() (Evenement, error) {
	d := r.e.Dossier
	return Depot{Envoi: r.entete, DeposeLe: d.DeposeLe, Demande: d.Demande.Total(), AVenir: d.AVenir,
		ReponseAvant: r.depose().Mois(r.e.Parametres.DelaiDecisionMois)}, nil
}

func (r redaction) complement() (Evenement, error) {
	c := r.e.Dossier.Complement
	if c == nil {
		return nil, opco.Errorf(opco.Invalid, "Aucune pièce n’est demandée : il n’y a rien à écrire.")
	}
	manquent := slices.DeleteFunc(slices.Clone(c.Pieces), func(p opco.PieceDemandee) bool {
		return p.Recue != "" || r.e.Courrier.Pour == opco.RoleOrganisme && !p.Type.DeLOrganisme()
	})
	return Complement{Envoi: r.entete, DemandeLe: c.LeJour, AvantLe: c.LeJour.Jours(r.e.Parametres.SansSuite), Pieces: manquent,
		Relance: r.e.Courrier.Numero}, nil
}

func (r redaction) complementRecu() (Evenement, error) {
	return ComplementRecu{Envoi: r.entete, RecuLe: r.entete.Le, ReponseAvant: r.depose().Mois(r.e.Parametres.DelaiDecisionMois)}, nil
}

func (r redaction) messageRecu() (Evenement, error) {
	return MessageRecu{Envoi: r.entete, De: r.e.Par.Nom}, nil
}

func (r redaction) sansSuite() (Evenement, error) {
	s := SansSuite{Envoi: r.entete, Effet: r.e.Effet}
	if c := r.e.Dossier.Complement; c != nil {
		s.DemandeLe, s.Pieces = c.LeJour, c.Pieces
	}
	return s, nil
}

func (r redaction) accord() (Evenement, error) {
	d := r.e.Dossier
	if d.Decision == nil {
		return nil, opco.Errorf(opco.Invalid, "Ce dossier n’a pas de décision à écrire.")
	}
	a := Accord{Envoi: r.entete, DemandeLe: r.depose(), Decision: *d.Decision, Subrogation: d.Demande.Subrogation, EnvoyerAvant: r.forclos(),
		Precisions: precisions(d)}
	if a.Partiel() {
		a.Contester = r.contester()
	}
	return a, nil
}

func (r redaction) refus() (Evenement, error) {
	d := r.e.Dossier
	if d.Decision == nil {
		return nil, opco.Errorf(opco.Invalid, "Ce dossier n’a pas de décision à écrire.")
	}
	return Refus{Envoi: r.entete, DemandeLe: r.depose(), Demande: d.Demande.Total(), Motifs: d.Decision.Motifs, Contester: r.contester(),
		Precisions: precisions(d)}, nil
}

func (r redaction) annulation() (Evenement, error) {
	a := Annulation{Envoi: r.entete, AnnuleLe: r.e.Effet, Libere: r.e.Libere}
	switch par := r.e.Par.Role; {
	case par == r.e.Courrier.Pour:
	case par == opco.RoleEntreprise:
		a.Par = r.e.Entreprise
	case par.Interne():
		a.Par = "l’OPCO"
	}
	return a, nil
}

// rappelFin asks for the pièces de fin, or repeats what was found wrong in them.
func (r redaction) rappelFin() (Evenement, error) {
	d := r.e.Dossier
	if d.Etat == opco.EtatSFNonConforme && d.Complement != nil {
		return r.nonConforme()
	}
	f := RappelFin{Envoi: r.entete, AvantLe: r.forclos(), Rang: r.e.Courrier.Numero, Subrogation: d.Demande.Subrogation,
		Pieces: d.PiecesFinManquantes()}
	if d.Decision != nil {
		f.Accorde = d.Decision.Accorde
	}
	return f, nil
}

func (r redaction) nonConforme() (Evenement, error) {
	c := r.e.Dossier.Complement
	if c == nil {
		return nil, opco.Errorf(opco.Invalid, "Rien n’est déclaré non conforme : il n’y a rien à écrire.")
	}
	s := ServiceFaitNonConforme{Envoi: r.entete, AvantLe: c.LeJour.Jours(r.e.Parametres.RefusFacture), Rang: r.e.Courrier.Numero}
	for _, p := range c.Pieces {
		if p.Recue != "" {
			continue
		}
		s.Constats = append(s.Constats, Constat{Objet: majuscule(p.Type.Libelle()), Motif: p.Motif, Phrase: p.Precision})
	}
	return s, nil
}

func (r redaction) forclusion() (Evenement, error) {
	f := Forclusion{Envoi: r.entete, Libere: r.e.Libere, Echeance: r.forclos(), Contester: r.contester()}
	if d := r.e.Dossier.Decision; d != nil {
		f.Accorde = d.Accorde
	}
	return f, nil
}

func (r redaction) cloture() (Evenement, error) {
	c := Cloture{Envoi: r.entete, Paye: r.e.Dossier.Resume().Paye, Libere: r.e.Libere}
	if c.Paye == 0 {
		c.Contester = r.contester()
	}
	return c, nil
}

// facture returns the invoice that the event is about.
func (r redaction) facture() (opco.Facture, Facture, error) {
	for _, f := range r.e.Dossier.Factures {
		if f.ID == r.e.Courrier.Facture {
			return f, Facture{Numero: f.Numero, Date: f.Date, Montant: f.TotalHT}, nil
		}
	}
	return opco.Facture{}, Facture{}, opco.Errorf(opco.Invalid, "La facture dont parle ce courrier n’est pas dans le dossier.")
}

func (r redaction) factureRecue() (Evenement, error) {
	f, vue, err := r.facture()
	return FactureRecue{Envoi: r.entete, Facture: vue, RecueLe: f.RecueLe}, err
}

func (r redaction) factureNonConforme() (Evenement, error) {
	f, vue, err := r.facture()
	n := FactureNonConforme{Envoi: r.entete, Facture: vue, Etat: f.Etat, Rang: r.e.Courrier.Numero,
		Constats: []Constat{{Objet: "Facture " + f.Numero, Motif: f.Motif, Phrase: f.Phrase}}}
	if f.Etat == opco.FactureSuspendue {
		n.AvantLe = f.SuspendueLe.Jours(r.e.Parametres.RefusFacture)
	}
	return n, err
}

func (r redaction) factureApprouvee() (Evenement, error) {
	f, vue, err := r.facture()
	a := FactureApprouvee{Envoi: r.entete, Facture: vue, Approuve: f.Approuve, NonApprouve: f.NonApprouve, Echeance: f.EcheanceLe,
		Avoir: f.AvoirAttendu(), Rang: r.e.Courrier.Numero}
	a.Impute = f.Impute
	if f.NonApprouve > 0 {
		a.Constats = []Constat{{Objet: "Facture " + f.Numero, Motif: f.Motif, Phrase: f.Phrase}}
	}
	return a, err
}

// reglement returns the règlement that the event is about, and its invoice.
func (r redaction) reglement() (opco.Reglement, opco.Facture, error) {
	for _, x := range r.e.Dossier.Reglements {
		if x.ID == r.e.Courrier.Reglement {
			r.e.Courrier.Facture = x.Facture
			f, _, err := r.facture()
			return x, f, err
		}
	}
	return opco.Reglement{}, opco.Facture{}, opco.Errorf(opco.Invalid, "Le règlement dont parle ce courrier n’est pas dans le dossier.")
}

func (r redaction) virement() (Evenement, error) {
	x, _, err := r.reglement()
	if err != nil {
		return nil, err
	}
	parts := r.e.Parts
	if len(parts) == 0 {
		parts = []opco.PartVirement{{Dossier: r.e.Dossier, Reglement: x.ID}}
	}
	v := Virement{Envoi: r.entete, Numero: cmp.Or(r.e.Virement, x.Numero), Execute: x.ExecuteLe, Compte: r.e.IBAN.Masque()}
	var paires []opco.PaireRemise
	for _, p := range parts {
		part := redaction{r.e, r.entete}
		part.e.Dossier, part.e.Courrier.Reglement = p.Dossier, p.Reglement
		ligne, err := part.ligneVirement()
		if err != nil {
			return nil, err
		}
		v.Lignes = append(v.Lignes, ligne)
		paires = append(paires, opco.PaireRemise{Dossier: ligne.Dossier, Facture: ligne.Facture})
	}
	v.Remise = opco.Remise(v.Numero, paires)
	return v, nil
}

// ligneVirement is what the transfer pays of one invoice.
func (r redaction) ligneVirement() (LigneVirement, error) {
	x, f, err := r.reglement()
	if err != nil {
		return LigneVirement{}, err
	}
	ligne := LigneVirement{Dossier: r.e.Dossier.Numero, Facture: f.Numero, Formation: r.e.Dossier.Demande.Intitule,
		Montant: x.Montant + x.Compense(), Retenues: x.Compensations, Impute: f.Impute}
	rangs := map[string]int{} // an hour is shown once, though it may pay the training and the wage
	for _, p := range f.Constatees {
		if p.Stagiaire == "" {
			ligne.Frais = append(ligne.Frais, FraisRembourse{Ligne: p.Ligne, Montant: p.Payable})
			continue
		}
		if _, nomme := rangs[p.Stagiaire]; !nomme {
			rangs[p.Stagiaire] = len(ligne.Stagiaires)
			ligne.Stagiaires = append(ligne.Stagiaires, r.stagiaire(f, p))
		}
		ligne.Stagiaires[rangs[p.Stagiaire]].payer(p)
	}
	return ligne, nil
}

// payer adds what a line of the service fait pays for the hours of s.
func (s *StagiairePaye) payer(p opco.LigneConstatee) {
	switch p.Ligne {
	case opco.LignePeda:
		s.Peda += p.Payable
	case opco.LigneRemuneration:
		s.Remuneration += p.Payable
	}
}

// stagiaire names who was paid for, and the period that was certified.
func (r redaction) stagiaire(f opco.Facture, p opco.LigneConstatee) StagiairePaye {
	s := StagiairePaye{Heures: min(p.Certifie, p.Prevu), Du: r.e.Dossier.Demande.Debut, Au: r.e.Dossier.Demande.Fin}
	if du, au := r.e.Dossier.PeriodeCertifiee(f, p.Stagiaire); du != "" {
		s.Du, s.Au = du, au
	}
	for _, x := range r.e.Dossier.Demande.Stagiaires {
		if x.ID == p.Stagiaire {
			s.Nom = x.Prenom + " " + x.Nom
		}
	}
	return s
}

func (r redaction) rejetBancaire() (Evenement, error) {
	x, f, err := r.reglement()
	return RejetBancaire{Envoi: r.entete, Numero: x.Numero, Montant: x.Montant, Compte: r.e.IBAN.Masque(), Factures: []string{f.Numero},
		Cause: x.Cause, RejeteLe: r.e.Effet, Retour: x.Etat == opco.ReglementRetourne, Attente: r.e.Parametres.RIBAttenteHeures}, err
}
