package opco

import (
	"slices"
)

func (s *suivi) enRealisation() {
	d := s.d
	s.Ou = "Formation en cours"
	s.Phrase = "La formation est en cours jusqu’au " + d.Demande.Fin.Longue() + "."
	s.Pourquoi = "Elle a commencé le " + d.Demande.Debut.Longue() + "."
	s.Qui, s.DesLe, s.Acte = s.payeur(), d.Demande.Fin.Jours(1), ActeFacturer
	s.Prochaine = s.pour("À la fin, envoyez le certificat de réalisation et la facture.", "À la fin, l’organisme envoie le certificat de réalisation et sa facture.",
		"À la fin, l’entreprise envoie le certificat de réalisation et sa facture.")
	if d.Demande.Echelonnement {
		s.DesLe = ""
		s.Prochaine = s.pour("Envoyez le certificat et la facture de chaque période dès qu’elle est finie.", "L’organisme facture chaque période dès qu’elle est finie.",
			"L’entreprise facture chaque période dès qu’elle est finie.")
	}
}

// payeur is who must send the pièces de fin and is then paid.
func (s *suivi) payeur() Role { return s.d.beneficiaire() }

// pour picks the words for who is paid, else the words about them.
func (s *suivi) pour(vous, lOrganisme, lEntreprise string) string {
	switch p := s.payeur(); {
	case p == s.r:
		return vous
	case p == RoleOrganisme:
		return lOrganisme
	}
	return lEntreprise
}

// payes says what who is paid waits for, to them: the company is reimbursed.
func (s *suivi) payes() string {
	if s.payeur() == RoleEntreprise {
		return "être remboursés"
	}
	return "être payés"
}

func (s *suivi) attenteServiceFait() {
	d := s.d
	manque := d.PiecesFinManquantes()
	n := nombrePieces(len(manque))
	s.Ou, s.Qui, s.Acte = "Fin de formation : pièces attendues", s.payeur(), ActeFacturer
	s.Phrase = s.pour("Envoyez-nous "+n+" pour "+s.payes()+".", "L’organisme doit envoyer "+n+" pour être payé.", "L’entreprise doit envoyer "+n+" pour être remboursée.")
	s.Pourquoi = "La formation s’est terminée le " + d.Demande.Fin.Longue() + " ; il manque : " + libellesPieces(manque) + "."
	if len(manque) == 0 {
		s.Phrase = s.pour("Complétez vos pièces de fin.", "L’organisme complète ses pièces de fin.", "L’entreprise complète ses pièces de fin.")
		s.Pourquoi = "La formation s’est terminée le " + d.Demande.Fin.Longue() + " ; nous payons sur preuve."
	}
	s.Prochaine = s.selon("Nous contrôlons les pièces, puis nous payons.", "Nous contrôlons les pièces, puis nous payons.", "Contrôler les pièces dès leur arrivée.")
	s.limiterForclusion()
}

// limiterForclusion gives the last day to send the pièces de fin, or says that it
// has passed (T20).
func (s *suivi) limiterForclusion() {
	if s.d.Forclos {
		s.Bloque, s.Qui, s.Acte = true, RoleGestionnaire, ""
		s.Phrase = "Le délai pour envoyer les pièces de fin est passé."
		s.Prochaine = s.selon("Nous regardons votre dossier avant de le clore. Envoyez vite ce que vous avez.", "Nous regardons le dossier avant de le clore. Envoyez vite ce que vous avez.",
			"Confirmer la clôture par forclusion, ou attendre encore.")
		return
	}
	if s.AvantLe = s.echeance(ActeForclore); s.AvantLe != "" {
		s.Sinon = "Après, l’accord est perdu."
	}
}

func (s *suivi) enControle() {
	d := s.d
	s.Ou = "Service fait en contrôle"
	if s.factureSuspendue() || s.factureEnLitige() || s.avanceDemandee() {
		return
	}
	if manque := d.PiecesFinManquantes(); len(manque) > 0 {
		s.Bloque, s.Qui, s.Acte = true, s.payeur(), ActeFacturer
		noms := libellesPieces(manque)
		s.Phrase = s.pour("Il manque encore : "+noms+".", "Il manque encore, de l’organisme : "+noms+".", "Il manque encore, de l’entreprise : "+noms+".")
		s.Pourquoi = "Nous payons quand le certificat et la facture sont là."
		s.Prochaine = s.selon("Nous contrôlons les pièces, puis nous payons.", "Nous contrôlons les pièces, puis nous payons.", "Contrôler le service fait quand tout est là.")
		s.limiterForclusion()
		return
	}
	s.Qui = RoleGestionnaire
	s.Phrase = s.selon("Nous contrôlons les pièces de fin. Vous n’avez rien à faire.", "Nous contrôlons les pièces de fin. Vous n’avez rien à faire.", "Pièces de fin reçues : à contrôler.")
	s.Pourquoi = "Le certificat et la facture sont arrivés : nous comparons l’accord, les heures suivies et la facture."
	s.Prochaine = s.selon("Nous validons le service fait, puis nous payons.", "Nous validons le service fait, puis nous payons.", "Valider le service fait, ou dire ce qui ne va pas.")
	s.AvantLe = s.echeancePaiement()
}

// factureSuspendue says what a suspended invoice waits for, if one does.
func (s *suivi) factureSuspendue() bool {
	i := slices.IndexFunc(s.d.Factures, func(f Facture) bool { return f.Etat == FactureSuspendue })
	if i < 0 {
		return false
	}
	f := s.d.Factures[i]
	s.Bloque, s.Qui, s.Acte = true, s.payeur(), ActeJoindre
	if f.Motif == MotifJustifAbs {
		s.Acte = ActeCertifier
	}
	s.Phrase = "La facture " + f.Numero + " attend une preuve."
	s.Pourquoi = f.Phrase
	if s.Pourquoi == "" {
		s.Pourquoi = f.Motif.Libelle() + "."
	}
	s.Prochaine = s.pour("Envoyez la pièce qui manque : le contrôle reprend aussitôt.", "L’organisme envoie la pièce qui manque.", "L’entreprise envoie la pièce qui manque.")
	if s.AvantLe = s.echeance(ActeRefuserFacture); s.AvantLe != "" {
		s.Sinon = "Après, la facture est refusée."
	}
	return true
}

// avanceDemandee says what an advance waits for, when it is all there is to examine:
// neither hours nor certificat are awaited for it.
func (s *suivi) avanceDemandee() bool {
	var avance *Facture
	for i := range s.d.Factures {
		switch f := &s.d.Factures[i]; {
		case !f.Etat.Ouverte():
		case !f.Avance:
			return false
		default:
			avance = f
		}
	}
	if avance == nil {
		return false
	}
	s.Ou, s.Qui = "Avance à examiner", RoleGestionnaire
	s.Phrase = s.selon("Nous examinons la facture d’avance. Vous n’avez rien à faire.", "Nous examinons la facture d’avance. Vous n’avez rien à faire.",
		"Avance de "+avance.TotalHT.String()+" demandée : à approuver ou à refuser.")
	s.Pourquoi = "L’accord prévoit un paiement par période, et une avance avant les heures."
	s.Prochaine = s.selon("Nous payons l’avance, puis elle s’impute sur les premières factures.", "Nous payons l’avance, puis elle s’impute sur les premières factures.",
		"Valider, sans solder le dossier, ou refuser la facture.")
	s.AvantLe = s.echeancePaiement()
	return true
}

func (s *suivi) factureEnLitige() bool {
	i := slices.IndexFunc(s.d.Factures, func(f Facture) bool { return f.Etat == FactureEnLitige })
	if i < 0 {
		return false
	}
	s.Bloque, s.Qui = true, RoleGestionnaire
	s.Phrase = "La facture " + s.d.Factures[i].Numero + " est en litige."
	s.Pourquoi = s.d.Factures[i].Phrase
	if s.Pourquoi == "" {
		s.Pourquoi = "Un point de la facture est discuté avec son émetteur."
	}
	s.Prochaine = s.selon("Nous cherchons l’accord avec l’émetteur de la facture.", "Nous vous contactons pour trouver un accord.", "Faire le point avec l’émetteur de la facture.")
	return true
}

// echeancePaiement is the day by which the first invoice in hand must be paid.
func (s *suivi) echeancePaiement() Date {
	var jour Date
	for _, f := range s.d.Factures {
		if f.Etat != FacturePriseEnCharge && f.Etat != FactureCompletee || f.ConformeLe == "" {
			continue
		}
		if j := EcheancePaiement(f.ConformeLe, s.f.Parametres); jour == "" || j < jour {
			jour = j
		}
	}
	return jour
}

func (s *suivi) nonConforme() {
	var manque []PieceDemandee
	if s.d.Complement != nil {
		manque = s.d.Complement.manquantes()
	}
	n := nombrePieces(len(manque))
	s.Ou, s.Qui, s.Acte = "Pièces de fin non conformes", s.payeur(), ActeJoindre
	s.Phrase = s.pour("Corrigez "+n+" pour "+s.payes()+".", "L’organisme doit corriger "+n+".", "L’entreprise doit corriger "+n+".")
	s.Pourquoi = "À corriger : " + listePieces(manque) + "."
	if len(manque) == 0 {
		s.Phrase, s.Pourquoi = s.pour("Corrigez vos pièces de fin.", "L’organisme corrige ses pièces.", "L’entreprise corrige ses pièces."), "Une pièce de fin n’est pas conforme."
	}
	s.Prochaine = s.selon("Nous reprenons le contrôle dès que tout est arrivé.", "Nous reprenons le contrôle dès que tout est arrivé.", "Le contrôle reprend de lui-même quand tout est arrivé.")
	s.limiterForclusion()
}

func (s *suivi) enReglement() {
	s.Ou = "Paiement en cours"
	if s.reglementRevenu() || s.avoirAttendu() {
		return
	}
	s.Pourquoi = "Le service fait est validé."
	r, total, ok := s.premierReglement()
	if !ok {
		s.Qui, s.Phrase = RoleComptable, "Le paiement se prépare."
		s.Prochaine = "Le règlement est mis en paiement."
		return
	}
	a := map[Role]string{RoleOrganisme: "l’organisme", RoleEntreprise: "l’entreprise"}[s.payeur()]
	s.Phrase = s.selon("Nous payons "+total.String()+" à "+a+".", "Nous payons "+total.String()+" à "+a+".", total.String()+" à payer à "+a+".")
	if s.payeur() == s.r {
		s.Phrase = "Nous vous payons " + total.String() + "."
	}
	s.Qui = RoleComptable
	if jour := s.f.Executions[r.ID]; jour != "" && r.Etat != ReglementAPayer {
		s.Prochaine = "Virement prévu le " + jour.Longue() + "."
		if r.Etat == ReglementEmis || r.Etat == ReglementAccepte {
			s.Qui = RoleBanque
			s.Prochaine = "La banque exécute le virement du " + jour.Longue() + "."
		}
		return
	}
	s.AvantLe = r.Echeance
	s.Prochaine = s.selon("Nous faisons le virement.", "Nous faisons le virement.", "Mettre le règlement dans un lot.")
}

// suspendre says that the dossier waits for a check of the OPCO, when it is the OPCO that
// acts next. What an organisation reads accuses nobody (T30).
func (s *suivi) suspendre() {
	x := s.f.Suspension
	if x == nil || !s.Qui.Interne() {
		return
	}
	s.Bloque, s.Qui, s.AvantLe, s.Acte = true, RoleControleur, x.RevoirLe, ""
	s.Phrase = s.selon("Nous vérifions ce dossier avant d’aller plus loin. Vous n’avez rien à faire.", "Nous vérifions ce dossier avant de payer. Vous n’avez rien à faire.",
		"Suspendu par le contrôle : ni accord, ni service fait, ni paiement.")
	s.Pourquoi = s.selon("Nous vérifions certains dossiers avant de les payer.", "Nous vérifions certains dossiers avant de les payer.",
		"Un contrôleur l’a suspendu le "+JourDe(x.Depuis).Longue()+".")
	s.Prochaine = s.selon("Nous reprenons le dossier, ou nous vous écrivons.", "Nous reprenons le paiement, ou nous vous écrivons.",
		"Lever la suspension, ou la prolonger en disant pourquoi.")
	s.Sinon = ""
}

// premierReglement returns the living règlement that is due first and is not yet
// executed, and the sum of all of them.
func (s *suivi) premierReglement() (premier Reglement, total Montant, ok bool) {
	for _, r := range s.d.Reglements {
		if !r.Etat.Vivant() || r.Etat == ReglementExecute {
			continue
		}
		if total += r.Montant; !ok || r.Echeance < premier.Echeance {
			premier, ok = r, true
		}
	}
	return premier, total, ok
}

// reglementRevenu says that the bank refused or sent back a transfer that nothing
// replaced yet (R04, R06).
func (s *suivi) reglementRevenu() bool {
	i := slices.IndexFunc(s.d.Reglements, func(r Reglement) bool {
		return (r.Etat == ReglementRejete || r.Etat == ReglementRetourne) && !s.d.regle(r.Facture)
	})
	if i < 0 {
		return false
	}
	r := s.d.Reglements[i]
	s.Bloque, s.Qui = true, s.payeur()
	s.Phrase = s.pour("La banque n’a pas pu vous verser "+r.Montant.String()+".", "La banque n’a pas pu verser "+r.Montant.String()+" à l’organisme.",
		"La banque n’a pas pu verser "+r.Montant.String()+" à l’entreprise.")
	s.Pourquoi = r.Cause
	if s.Pourquoi == "" {
		s.Pourquoi = "Le virement a été rejeté ou retourné."
	}
	s.Prochaine = s.pour("Envoyez un nouveau RIB : nous payons de nouveau après vérification.", "L’organisme envoie un nouveau RIB ; le paiement repart après vérification.",
		"L’entreprise envoie un nouveau RIB ; le paiement repart après vérification.")
	return true
}

// avoirAttendu says that an invoice approved in part waits for its avoir (206).
func (s *suivi) avoirAttendu() bool {
	for _, f := range s.d.Factures {
		m := f.AvoirAttendu()
		if m == 0 || s.d.regle(f.ID) || !f.Etat.Approuve() {
			continue
		}
		s.Bloque, s.Qui, s.Acte = true, s.payeur(), ActeDeposerAvoir
		s.Phrase = s.pour("Envoyez un avoir de "+m.String()+" sur la facture "+f.Numero+".", "Un avoir de "+m.String()+" est attendu de l’organisme.", "Un avoir de "+m.String()+" est attendu de l’entreprise.")
		s.Pourquoi = f.Phrase
		if s.Pourquoi == "" {
			s.Pourquoi = "La facture " + f.Numero + " est approuvée pour " + f.Approuve.String() + " seulement."
		}
		s.Prochaine = "Nous payons " + f.Approuve.String() + " dès que l’avoir est arrivé."
		return true
	}
	return false
}

// paye is what the bank has executed.
func (s *suivi) paye() Montant { return s.d.Resume().Paye }

func (s *suivi) regleePartielle() {
	s.Ou = "Réglée en partie"
	s.Phrase = s.pour("Nous vous avons payé "+s.paye().String()+". Une suite est attendue.", s.paye().String()+" payés à l’organisme. Une suite est attendue.",
		s.paye().String()+" payés à l’entreprise. Une suite est attendue.")
	s.Pourquoi = "Il reste " + Somme(s.d.Engagements).String() + " accordés à justifier."
	s.Qui, s.Acte = s.payeur(), ActeFacturer
	s.Prochaine = s.pour("Envoyez le certificat et la facture de la période suivante.", "L’organisme envoie les pièces de la période suivante.", "L’entreprise envoie les pièces de la période suivante.")
}

func (s *suivi) reglee() {
	s.Ou = "Réglée"
	s.Phrase = s.pour("Nous vous avons payé "+s.paye().String()+".", s.paye().String()+" payés à l’organisme.", s.paye().String()+" payés à l’entreprise.")
	s.Pourquoi = "Le service fait est validé et la banque a exécuté le virement."
	if jour := s.echeance(ActeCloturer); jour != "" {
		s.Prochaine = "Le dossier se clôt de lui-même le " + jour.Longue() + "."
	}
}

func (s *suivi) cloturee() {
	s.Ou = "Clôturée"
	s.Pourquoi = "Tout est payé, ou rien de plus n’est à payer."
	paye := s.paye()
	if paye == 0 {
		s.Phrase = "Ce dossier est clos : rien n’a été payé."
		s.Pourquoi = "Le service fait n’a pas donné lieu à paiement."
		if s.d.Forclos {
			s.Pourquoi = "Les pièces de fin ne sont pas arrivées dans le délai."
		}
	} else {
		s.Phrase = s.pour("Ce dossier est clos. Nous vous avons payé "+paye.String()+".", "Ce dossier est clos. "+paye.String()+" payés à l’organisme.", "Ce dossier est clos. "+paye.String()+" payés à l’entreprise.")
	}
	s.Prochaine = "Aucune. Gardez vos justificatifs 10 ans."
}
