package opco

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Suivi tells one reader where a dossier stands: one sentence, then where, since
// when, why, what comes next and who acts (domain.md 5.3). A date is there only
// when it can be trusted: a legal délai, an échéance that runs, the execution day
// of a lot. Nothing in it is personal.
type Suivi struct {
	Phrase    string    `json:"phrase"`
	Ou        string    `json:"ou"`
	Depuis    time.Time `json:"depuis,omitzero"` // last change of état; zero when unknown
	Pourquoi  string    `json:"pourquoi"`
	Prochaine string    `json:"prochaine"`
	Qui       Role      `json:"qui"`                // who acts, "" for nobody; gestionnaire, responsable, comptable are the OPCO
	QuiAgit   string    `json:"qui_agit"`           // the same in the words of the reader
	DesLe     Date      `json:"des_le,omitempty"`   // from which day they act
	AvantLe   Date      `json:"avant_le,omitempty"` // last day to act, included
	Sinon     string    `json:"sinon,omitempty"`    // what happens after that day
	Bloque    bool      `json:"bloque"`             // the état waits for something that is not its ordinary next step
	Acte      TypeActe  `json:"acte,omitempty"`     // what the reader may do about it now
}

// FaitsSuivi are what a Suivi needs beside the dossier. Executions are the days on
// which the lots of règlements that are in one pay them, by id of the règlement.
type FaitsSuivi struct {
	Jour       Date
	Depuis     time.Time
	Parametres Parametres
	Executions map[string]Date
	Suspension *Suspension // T30, nil for most
}

// DernierChangement returns when the état of a journal last changed, zero when the
// journal is empty.
func DernierChangement(ps []Passage) time.Time {
	for _, p := range slices.Backward(ps) {
		if p.De != p.Vers && p.Verdict != VerdictRefuse {
			return p.Le
		}
	}
	return time.Time{}
}

// Suivi says to a reader in role r where d stands.
func (d *Dossier) Suivi(r Role, f FaitsSuivi) Suivi {
	s := &suivi{d: d, r: r, f: f}
	s.Ou, s.Depuis = d.Etat.String(), f.Depuis
	s.Pourquoi, s.Prochaine = "Le dossier suit son cours.", "Aucune."
	if dire, ok := suivis[d.Etat]; ok {
		dire(s)
	} else {
		s.Phrase, s.Prochaine = "Ce dossier n’est pas encore enregistré.", "Enregistrez-le."
		s.Qui = RoleEntreprise
	}
	s.suspendre()
	s.QuiAgit = s.nommer(s.Qui)
	if s.Acte != "" && (s.Qui != r || d.Admet(s.Acte, r) != nil) {
		s.Acte = ""
	}
	return s.Suivi
}

// suivi composes a Suivi for one reader.
type suivi struct {
	Suivi
	d *Dossier
	r Role
	f FaitsSuivi
}

var suivis = map[Etat]func(*suivi){
	EtatBrouillon: (*suivi).brouillon, EtatSupprime: (*suivi).supprime, EtatTransmise: (*suivi).transmise,
	EtatACompleter: (*suivi).aCompleter, EtatEnInstruction: (*suivi).enInstruction, EtatEnValidation: (*suivi).enValidation,
	EtatAccordee: (*suivi).accordee, EtatAccordeePartielle: (*suivi).accordee, EtatRefusee: (*suivi).refusee,
	EtatSansSuite: (*suivi).sansSuite, EtatAnnulee: (*suivi).annulee, EtatEnRealisation: (*suivi).enRealisation,
	EtatAttenteServiceFait: (*suivi).attenteServiceFait, EtatSFEnControle: (*suivi).enControle, EtatSFNonConforme: (*suivi).nonConforme,
	EtatEnReglement: (*suivi).enReglement, EtatRegleePartielle: (*suivi).regleePartielle, EtatReglee: (*suivi).reglee,
	EtatCloturee: (*suivi).cloturee,
}

// nommer names who acts in the words of the reader: « Vous » when it is them,
// « Nous » when the OPCO speaks to an organisation.
func (s *suivi) nommer(qui Role) string {
	switch {
	case qui == "":
		return "Personne"
	case qui == s.r && !s.r.Interne():
		return "Vous"
	case qui == RoleEntreprise:
		return "L’entreprise"
	case qui == RoleOrganisme:
		return "L’organisme de formation"
	case qui == RoleBanque:
		return "La banque"
	case !s.r.Interne():
		return "Nous"
	case qui == RoleResponsable:
		return "Un responsable"
	case qui == RoleComptable:
		return "La comptabilité"
	case qui == RoleControleur:
		return "Un contrôleur"
	case s.d.InstruitPar.Nom != "":
		return s.d.InstruitPar.Nom
	}
	return "L’équipe d’instruction"
}

// selon picks the words of the reader.
func (s *suivi) selon(entreprise, organisme, interne string) string {
	switch s.r {
	case RoleEntreprise:
		return entreprise
	case RoleOrganisme:
		return organisme
	}
	return interne
}

// echeance returns the day of the first échéance of type t that still runs.
func (s *suivi) echeance(t TypeActe) Date {
	var jour Date
	for _, e := range s.d.Echeances {
		if e.Type == t && (jour == "" || e.Effet < jour) {
			jour = e.Effet
		}
	}
	return jour
}

// limiteDecision is the last day of the legal délai to answer (R6332-24).
func (s *suivi) limiteDecision() Date {
	if s.d.DeposeLe.IsZero() {
		return ""
	}
	return JourDe(s.d.DeposeLe).Mois(s.f.Parametres.DelaiDecisionMois)
}

func (s *suivi) brouillon() {
	s.Phrase = s.selon("Votre demande n’est pas encore envoyée.", "L’entreprise prépare sa demande.", "L’entreprise n’a pas encore envoyé sa demande.")
	s.Pourquoi = s.selon("Tant qu’elle n’est pas envoyée, nous ne la voyons pas.", "Elle n’a pas encore été envoyée à l’OPCO.", "Un brouillon n’est lu que par son auteur.")
	s.Prochaine = s.selon("Terminez la saisie, puis envoyez la demande.", "L’entreprise envoie sa demande.", "L’entreprise envoie sa demande.")
	s.Qui, s.Acte = RoleEntreprise, ActeDeposer
	if debut := s.d.Demande.Debut; debut != "" {
		s.AvantLe, s.Sinon = debut.Jours(-1), "Après, nous ne pouvons plus financer cette formation."
		if s.f.Jour > s.AvantLe {
			s.AvantLe, s.Sinon = "", ""
			s.Pourquoi = "La formation commence le " + debut.Longue() + " : une demande s’envoie la veille au plus tard."
			s.Prochaine = "Changez les dates de la formation, ou supprimez ce brouillon."
		}
	}
}

func (s *suivi) supprime() {
	s.Phrase, s.Pourquoi = "Ce brouillon est supprimé.", "Il n’a jamais été envoyé."
}

func (s *suivi) transmise() {
	s.Ou, s.Qui, s.AvantLe = "Demande reçue, pas encore examinée", RoleGestionnaire, s.limiteDecision()
	s.Phrase = s.selon("Nous avons reçu votre demande. Vous n’avez rien à faire.", "L’OPCO a reçu la demande de l’entreprise.", "Demande reçue : à examiner.")
	s.Pourquoi = s.selon("Nous vérifions d’abord que le dossier est complet.", "L’OPCO vérifie d’abord que le dossier est complet.", "Les pièces n’ont pas encore été vérifiées.")
	s.Prochaine = s.selon("Nous étudions la demande, ou nous vous demandons ce qui manque.", "L’OPCO étudie la demande, ou demande ce qui manque.", "Ouvrir l’instruction, ou demander un complément.")
	if len(s.d.AVenir) > 0 && s.r == RoleEntreprise {
		s.Phrase = "Nous avons reçu votre demande. Envoyez dès que possible : " + libellesPieces(s.d.AVenir) + "."
	}
}

func (s *suivi) aCompleter() {
	var manque []PieceDemandee
	if s.d.Complement != nil {
		manque = s.d.Complement.manquantes()
	}
	n := nombrePieces(len(manque))
	s.Ou, s.Qui, s.Acte = "À compléter", RoleEntreprise, ActeJoindre
	s.Phrase = s.selon("Envoyez-nous "+n+" pour que nous étudiions votre demande.", "Il manque "+n+" à la demande de l’entreprise.", "L’entreprise doit envoyer "+n+".")
	s.Pourquoi = "Il manque : " + listePieces(manque) + "."
	if len(manque) == 0 {
		s.Phrase, s.Pourquoi = s.selon("Complétez votre demande.", "L’entreprise complète sa demande.", "L’entreprise complète sa demande."), "Des pièces ont été demandées."
	}
	s.Prochaine = s.selon("L’étude reprend dès que tout est arrivé, à la date de votre envoi.", "L’étude reprend dès que tout est arrivé.", "L’instruction reprend d’elle-même quand tout est arrivé.")
	if s.r == RoleOrganisme && slices.ContainsFunc(manque, func(x PieceDemandee) bool { return x.Type.DeLOrganisme() }) {
		s.Prochaine = "Vous pouvez envoyer vous-même ce que vous établissez : programme, convention, devis."
	}
	if s.AvantLe = s.echeance(ActeClasserSansSuite); s.AvantLe != "" {
		s.Sinon = "Après, la demande est classée sans suite."
	}
}

func (s *suivi) enInstruction() {
	s.Ou, s.Qui, s.AvantLe = "En instruction", RoleGestionnaire, s.limiteDecision()
	s.Phrase = s.selon("Nous étudions votre demande. Vous n’avez rien à faire.", "L’OPCO étudie la demande de l’entreprise.", "Dossier complet : à décider.")
	s.Pourquoi = s.selon("Le dossier est complet : nous comparons la demande aux règles de votre branche.", "Le dossier est complet : l’OPCO compare la demande aux règles de la branche.",
		"Toutes les pièces demandées sont là.")
	s.Prochaine = s.selon("Nous vous écrivons notre décision.", "L’OPCO écrit sa décision à l’entreprise ; vous la verrez ici.", "Proposer un accord ou un refus.")
}

func (s *suivi) enValidation() {
	s.Ou, s.Qui, s.AvantLe = "Second regard", RoleResponsable, s.limiteDecision()
	s.Phrase = s.selon("Une seconde personne relit votre demande. Vous n’avez rien à faire.", "L’OPCO relit la demande de l’entreprise.", "Une décision est proposée : un second regard est attendu.")
	s.Pourquoi = s.selon("Certaines décisions sont toujours relues par deux personnes.", "Certaines décisions sont toujours relues par deux personnes.",
		"Un refus, une dérogation, un risque ou un montant élevé se décide à deux.")
	s.Prochaine = s.selon("Nous vous écrivons notre décision.", "L’OPCO écrit sa décision à l’entreprise ; vous la verrez ici.", "Approuver la proposition, ou la rendre avec un mot.")
}

func (s *suivi) accordee() {
	d := s.d
	s.Ou = d.Etat.String() + ", formation à venir"
	montant := s.accorde()
	s.Phrase = s.selon("Nous accordons "+montant+".", "L’OPCO accorde "+montant+" à l’entreprise.", montant+" accordés.")
	s.Pourquoi = "La demande respecte les règles de la branche."
	if d.Decision != nil && d.Etat == EtatAccordeePartielle {
		s.Pourquoi = motifsDits(d.Decision.Motifs)
	}
	s.Prochaine = "La formation commence le " + d.Demande.Debut.Longue() + "."
	s.Qui, s.DesLe = s.formateur(), d.Demande.Debut
}

// accorde writes what is granted, over what was asked when it is less.
func (s *suivi) accorde() string {
	if s.d.Decision == nil {
		return s.d.Demande.Total().String()
	}
	m := s.d.Decision.Accorde.String()
	if s.d.Etat == EtatAccordeePartielle {
		m += " sur " + s.d.Decision.Demande.String()
	}
	return m
}

// formateur is who gives the training: the organisme, or the company itself.
func (s *suivi) formateur() Role {
	if s.d.Demande.Interne {
		return RoleEntreprise
	}
	return RoleOrganisme
}

func (s *suivi) refusee() {
	s.Ou = "Refusée"
	s.Phrase = s.selon("Nous ne pouvons pas financer cette formation.", "L’OPCO ne finance pas cette formation.", "Demande refusée.")
	s.Pourquoi = "La demande ne remplit pas les conditions."
	if s.d.Decision == nil {
		if DepotTardif(s.d.DeposeLe, s.d.Demande.Debut) && !s.d.DeposeLe.IsZero() {
			s.Pourquoi = MotifDepotTardif.Libelle() + "."
		}
		return
	}
	s.Pourquoi = motifsDits(s.d.Decision.Motifs)
	if n := s.f.Parametres.RecoursMois; n > 0 && s.r != RoleOrganisme {
		jour := JourDe(s.d.Decision.Le).Mois(n)
		if s.f.Jour <= jour {
			s.Prochaine = s.selon("Vous pouvez contester cette décision jusqu’au "+jour.Longue()+".", "", "L’entreprise peut contester jusqu’au "+jour.Longue()+".")
		}
	}
}

func (s *suivi) sansSuite() {
	s.Ou = "Classée sans suite"
	s.Phrase = s.selon("Votre demande est classée sans suite.", "La demande de l’entreprise est classée sans suite.", "Demande classée sans suite.")
	s.Pourquoi = "Les pièces demandées ne sont pas arrivées à temps."
	if debut := s.d.Demande.Debut; s.f.Jour < debut {
		s.Prochaine = s.selon("Vous pouvez refaire la demande jusqu’au "+debut.Jours(-1).Longue()+", veille du début.",
			"L’entreprise peut refaire sa demande jusqu’au "+debut.Jours(-1).Longue()+".", "L’entreprise peut refaire sa demande jusqu’au "+debut.Jours(-1).Longue()+".")
	}
}

func (s *suivi) annulee() {
	s.Ou, s.Phrase = "Annulée", "Ce dossier est annulé."
	s.Pourquoi = "L’annulation a été demandée : rien ne sera payé."
	if s.d.Decision != nil && s.d.Decision.Accorde > 0 {
		s.Pourquoi = "L’annulation a été demandée : la somme réservée est rendue à l’enveloppe."
	}
}

// motifsDits writes the reasons of a décision, one sentence.
func motifsDits(ms []Motif) string {
	if len(ms) == 0 {
		return "Les motifs sont dans la lettre de décision."
	}
	var dits []string
	for _, m := range ms {
		dits = append(dits, m.Libelle())
	}
	return strings.Join(dits, " ; ") + "."
}

func nombrePieces(n int) string {
	if n == 1 {
		return "1 pièce"
	}
	return strconv.Itoa(n) + " pièces"
}

func libellesPieces(ts []TypePiece) string {
	noms := make([]string, len(ts))
	for i, t := range ts {
		noms[i] = t.Libelle()
	}
	return strings.Join(noms, ", ")
}
