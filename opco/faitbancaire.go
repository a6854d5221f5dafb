package opco

import (
	"cmp"
	"slices"
	"time"
)

// RetourMax is the size beyond which a file is not one of the bank's: 512 MB, three
// times what a notification of 120,000 transfers takes.
const RetourMax = 512 << 20

// FichierTropGros is the code of the refusal of a file for its size alone.
const FichierTropGros = "FICHIER_TROP_GROS"

// RetourTropGros refuses such a file.
func RetourTropGros() *Error {
	return Champf("fichier", "Ce fichier dépasse 512 Mo : aucune banque n’en envoie d’aussi gros. Vérifiez que c’est bien le sien, ou demandez-lui un fichier par jour.").AvecCode(FichierTropGros)
}

// StatutBancaire is what a fact told by the bank means for a règlement.
type StatutBancaire string

// The meanings. Information changes nothing: the bank only says where it is.
const (
	BanqueInformation StatutBancaire = "INFORMATION"
	BanqueAccepte     StatutBancaire = "ACCEPTE"
	BanqueRejete      StatutBancaire = "REJETE"
	BanqueExecute     StatutBancaire = "EXECUTE"
	BanqueRetourne    StatutBancaire = "RETOURNE"
	BanqueCredit      StatutBancaire = "CREDIT"  // money came in that is no return
	BanqueInconnu     StatutBancaire = "INCONNU" // no machine may apply it
)

// FaitBancaire is one fact told by the bank. Cle names the fact, not the file:
// it is applied once, however often it is told (reliability.md I6). A fact about
// a whole file has Entier and no EndToEndID.
type FaitBancaire struct {
	Cle        string         `json:"cle"`
	EndToEndID string         `json:"end_to_end_id,omitempty"`
	MsgID      string         `json:"msg_id,omitempty"` // of the file it answers
	Lot        string         `json:"lot,omitempty"`    // as the bank repeats it
	Compte     string         `json:"compte,omitempty"` // IBAN of the account that was moved
	Entier     bool           `json:"entier,omitempty"`
	Statut     StatutBancaire `json:"statut"`
	Motif      string         `json:"motif,omitempty"` // ISO reason
	Cause      string         `json:"cause,omitempty"` // its sentence, for the payee
	Montant    Montant        `json:"montant"`         // 0 when the bank does not repeat it
	Date       Date           `json:"date,omitempty"`
	Anomalie   string         `json:"anomalie,omitempty"` // why it must not be applied
	// Of money that came in: who pays, from which account, with what words, and the
	// bank's own number.
	Donneur     string `json:"donneur,omitempty"`
	DonneurIBAN string `json:"donneur_iban,omitempty"`
	Libelle     string `json:"libelle,omitempty"`
	RefBanque   string `json:"ref_banque,omitempty"`
}

// RetourBancaire is a file of the bank, read. Faits are those of a short one; Flux
// gives those of a long one, as many times as it is called.
type RetourBancaire struct {
	Format string
	MsgID  string
	Faits  []FaitBancaire
	Flux   func(voir func(FaitBancaire) error) error
}

// Parcourir gives every fact to voir, in order, until it returns an error.
func (r RetourBancaire) Parcourir(voir func(FaitBancaire) error) error {
	if r.Flux != nil {
		return r.Flux(voir)
	}
	for _, f := range r.Faits {
		if err := voir(f); err != nil {
			return err
		}
	}
	return nil
}

// EtatEntree is what became of an entry of the bank.
type EtatEntree string

// The états of an entry.
const (
	EntreeTransmise   EtatEntree = "TRANSMISE"
	EntreeQuarantaine EtatEntree = "QUARANTAINE"
	EntreeSansEffet   EtatEntree = "SANS_EFFET"
	EntreeAffectee    EtatEntree = "AFFECTEE" // an incoming transfer, all of it for debts
)

// SortEntree is what became of one entry, with the sentence that the comptable
// reads in quarantine.
type SortEntree struct {
	Cle    string
	Etat   EtatEntree
	Phrase string
}

// ordreFaits applies what comes first in the life of a transfer first, whatever
// the order in which the bank tells it.
var ordreFaits = map[StatutBancaire]int{BanqueAccepte: 1, BanqueRejete: 2, BanqueExecute: 3, BanqueRetourne: 4}

// appliquerRetour settles the règlements that the bank speaks of (R04 to R06).
// What does not fit goes to quarantine; nothing is guessed, nothing is dropped.
func (p *pasLot) appliquerRetour() error {
	faits := append(slices.Clone(p.l.EnAttente), p.f.Entrees...)
	p.l.EnAttente, p.l.Issue = nil, nil // who read the statement reads the answer first
	for i := range p.l.Lignes {
		p.virements[p.l.Lignes[i].EndToEndID] = append(p.virements[p.l.Lignes[i].EndToEndID], &p.l.Lignes[i])
	}
	slices.SortStableFunc(faits, func(a, b FaitBancaire) int {
		if a.Entier != b.Entier {
			return cmp.Compare(rangEntier(a), rangEntier(b))
		}
		return cmp.Compare(ordreFaits[a.Statut], ordreFaits[b.Statut])
	})
	nommes := map[string]bool{}
	for _, f := range faits {
		if f.Entier {
			p.appliquerEntier(f, nommes)
			continue
		}
		nommes[f.EndToEndID] = true
		p.appliquerFait(f)
	}
	p.conclure()
	return nil
}

// memeIssue reports whether the bank says at last what is known of a règlement.
func memeIssue(e EtatReglement, s StatutBancaire) bool {
	return s == BanqueExecute && (e == ReglementExecute || e == ReglementRetourne) || s == BanqueRejete && e == ReglementRejete
}

func rangEntier(f FaitBancaire) int {
	if f.Entier {
		return 1
	}
	return 0
}

// appliquerFait applies f to the règlements of its transfer, all together.
func (p *pasLot) appliquerFait(f FaitBancaire) {
	lignes := p.virements[f.EndToEndID]
	if len(lignes) == 0 {
		p.ranger(f, EntreeQuarantaine, "Ce virement n’est pas dans le lot "+p.l.ID+".")
		return
	}
	sort, phrase := suite(lignes[0].Etat, f.Statut)
	if lignes[0].Constate && !f.DuReleve() && memeIssue(lignes[0].Etat, f.Statut) {
		sort, phrase = suiteRien, "La banque dit ce que deux personnes avaient lu sur le relevé."
		for _, x := range lignes {
			x.Constate = false
			p.toucher(x.Reglement)
		}
	}
	switch sort {
	case suiteAttend:
		p.l.EnAttente = append(p.l.EnAttente, f)
	case suiteApplique:
		for _, x := range lignes {
			p.regler(x, f)
		}
	case suiteRien:
		p.ranger(f, EntreeSansEffet, phrase)
	case suiteRefuse:
		p.ranger(f, EntreeQuarantaine, phrase)
	}
}

// appliquerEntier applies what the bank says of the whole file to the transfers
// that it does not name.
func (p *pasLot) appliquerEntier(f FaitBancaire, nommes map[string]bool) {
	if reste := p.l.totalEtat(ReglementEmis, ReglementAccepte); f.Statut == BanqueExecute && reste > 0 && f.Montant != reste {
		p.ranger(f, EntreeQuarantaine, "La banque débite "+f.Montant.String()+" pour tout le lot "+p.l.ID+" au lieu de "+reste.String()+".")
		return
	}
	n := 0
	for _, x := range p.lignes(func(x LigneLot) bool { return !nommes[x.EndToEndID] }) {
		if sort, _ := suite(x.Etat, f.Statut); sort == suiteApplique {
			p.regler(x, f)
			n++
		}
	}
	switch {
	case n > 0:
	case f.Statut == BanqueRejete && p.l.totalEtat(ReglementExecute, ReglementRetourne) > 0:
		p.ranger(f, EntreeQuarantaine, "La banque rejette tout le fichier du lot "+p.l.ID+" après l’avoir exécuté. La comptabilité l’appelle.")
	case f.Statut == BanqueExecute && p.l.totalEtat(ReglementRejete) > 0:
		p.ranger(f, EntreeQuarantaine, "La banque débite tout le lot "+p.l.ID+" alors qu’elle l’avait rejeté. La comptabilité l’appelle.")
	default:
		p.ranger(f, EntreeSansEffet, "Déjà connu.")
	}
}

func (p *pasLot) lignes(garde func(LigneLot) bool) []*LigneLot {
	var ls []*LigneLot
	for i := range p.l.Lignes {
		if garde(p.l.Lignes[i]) {
			ls = append(ls, &p.l.Lignes[i])
		}
	}
	return ls
}

func (p *pasLot) ranger(f FaitBancaire, e EtatEntree, phrase string) {
	p.e.Sorts = append(p.e.Sorts, SortEntree{Cle: f.Cle, Etat: e, Phrase: phrase})
}

// regler moves one règlement to what f says, with its money and the acte that
// its dossier will apply.
func (p *pasLot) regler(x *LigneLot, f FaitBancaire) {
	s := SuiteReglement{Cle: f.Cle, Dossier: x.Dossier, Reglement: x.Reglement, Montant: x.Montant, Date: f.Date, Motif: f.Motif, Cause: f.Cause}
	if s.Date == "" {
		s.Date = JourDe(p.f.Le)
	}
	x.Constate = f.DuReleve()
	switch f.Statut {
	case BanqueAccepte:
		p.passer(x, ReglementAccepte)
		return
	case BanqueRejete:
		s.Type, x.Motif = ActeRejeterReglement, f.Motif
		p.passer(x, ReglementRejete)
		p.mouvoir(MouvementRejet, *x)
	case BanqueExecute:
		s.Type, x.ExecuteLe = ActeRegler, s.Date
		p.passer(x, ReglementExecute)
		p.mouvoir(MouvementPaiement, *x)
	case BanqueRetourne:
		s.Type, x.Motif = ActeRetournerReglement, f.Motif
		p.passer(x, ReglementRetourne)
		p.mouvoir(MouvementRetour, *x)
	}
	if (f.Statut == BanqueRejete || f.Statut == BanqueRetourne) && MotifDuCompte(f.Motif) {
		p.e.Gels = append(p.e.Gels, Gel{Beneficiaire: x.Beneficiaire, Dossier: x.Dossier, IBAN: x.IBAN, Motif: f.Motif, Cause: f.Cause, Reglement: x.Numero})
	}
	p.e.Suites = append(p.e.Suites, s)
}

// conclure ends the lot when every règlement has its outcome.
func (p *pasLot) conclure() {
	l := p.l
	reste := l.totalEtat(ReglementEmis, ReglementAccepte)
	p.dire("Réponse de la banque : %s exécutés, %s rejetés, %s revenus, %s en attente.",
		l.totalEtat(ReglementExecute), l.totalEtat(ReglementRejete), l.totalEtat(ReglementRetourne), reste)
	repondu := l.Etat == LotInconnu && l.totalEtat(ReglementEmis) == 0
	switch {
	case reste == 0:
		l.Etat, l.Echeances = LotSolde, nil
	case repondu && slices.ContainsFunc(l.Echeances, func(e Echeance) bool { return e.Code == sansExecution }):
		l.Etat = LotTransmis // its execution has not had its time yet
	}
	if slices.ContainsFunc(p.e.Sorts, func(s SortEntree) bool { return s.Etat == EntreeQuarantaine }) {
		p.e.Motif = "QUARANTAINE"
	}
}

type sortFait int

const (
	suiteApplique sortFait = iota
	suiteRien
	suiteRefuse
	suiteAttend
)

// suite says what a fact does to a règlement in état e. The camt may come before
// the pain.002 (domain.md 5 bis); a return waits for the execution it undoes; a
// rejection of what was executed, or a debit of what was rejected, is for a
// person.
func suite(e EtatReglement, s StatutBancaire) (sortFait, string) {
	parti := e == ReglementEmis || e == ReglementAccepte
	switch s {
	case BanqueAccepte:
		if e == ReglementEmis {
			return suiteApplique, ""
		}
		return suiteRien, "La banque avait déjà répondu."
	case BanqueRejete:
		switch {
		case parti:
			return suiteApplique, ""
		case e == ReglementRejete:
			return suiteRien, "Ce rejet était déjà connu."
		}
		return suiteRefuse, "La banque rejette un virement qu’elle a déjà exécuté. La comptabilité l’appelle."
	case BanqueExecute:
		switch {
		case parti:
			return suiteApplique, ""
		case e == ReglementRejete:
			return suiteRefuse, "La banque débite un virement qu’elle avait rejeté. La comptabilité l’appelle."
		}
		return suiteRefuse, "La banque annonce une seconde exécution de ce virement. La comptabilité vérifie le relevé."
	case BanqueRetourne:
		switch {
		case e == ReglementExecute:
			return suiteApplique, ""
		case parti:
			return suiteAttend, ""
		}
		return suiteRefuse, "La banque rend un virement déjà rejeté ou déjà revenu. La comptabilité vérifie le relevé."
	}
	return suiteRien, "Simple information de la banque."
}

// Rapprocher says what to do with a fact, knowing what is found under its
// references: pass it on to the lot, note that it has no effect, or keep it in
// quarantine with a sentence. The lot decides again when it applies it.
func (f FaitBancaire) Rapprocher(c CibleBancaire) (EtatEntree, string) {
	switch {
	case f.Anomalie != "":
		return EntreeQuarantaine, f.Anomalie
	case f.Statut == BanqueInconnu:
		return EntreeQuarantaine, "Guichet ne sait pas appliquer ce que la banque dit ici. La comptabilité le lit et décide."
	case f.Compte != "" && IBAN(f.Compte) != c.Compte:
		return EntreeQuarantaine, phraseAutreCompte
	case f.Statut == BanqueCredit && f.Montant <= 0:
		return EntreeQuarantaine, "La banque ne donne pas le montant."
	case f.Statut == BanqueCredit:
		return EntreeAffectee, ""
	case c.Lot == "" && f.Entier:
		return EntreeQuarantaine, "Aucun lot de Guichet ne porte cette référence de fichier."
	case c.Lot == "":
		return EntreeQuarantaine, "Aucun règlement de Guichet ne porte cette référence."
	case f.MsgID != "" && f.MsgID != c.Lot || f.Lot != "" && f.Lot != c.Lot:
		return EntreeQuarantaine, "La banque répond à un autre fichier que celui du lot " + c.Lot + "."
	case !c.Etat.Parti():
		return EntreeQuarantaine, "Ce règlement n’a pas été envoyé à la banque."
	case f.Statut == BanqueInformation:
		return EntreeSansEffet, "Simple information de la banque."
	case f.Montant == 0 && f.Statut.compte():
		return EntreeQuarantaine, "La banque ne donne pas le montant."
	case f.Montant != 0 && f.Montant != c.Somme && !(f.Entier && f.Statut.compte()):
		return EntreeQuarantaine, "La banque annonce " + f.Montant.String() + " au lieu de " + c.Somme.String() + "."
	}
	return EntreeTransmise, ""
}

// compte reports whether s moves the account, and so must give its amount.
func (s StatutBancaire) compte() bool { return s == BanqueExecute || s == BanqueRetourne }

// CibleBancaire is what the memory holds under the references of a fact.
type CibleBancaire struct {
	Lot    string // id; "" when nothing is found
	Etat   EtatLot
	Compte IBAN // of the OPCO
	Somme  Montant
	Nombre int
}

// Importation is what a file of the bank changed.
type Importation struct {
	Empreinte   string // SHA-256 of the file
	Nom         string
	Format      string
	Entrees     int
	Nouvelles   int
	Quarantaine int
	Deja        bool // nothing in it was new
	Phrase      string
	RecuLe      time.Time // business instant of the first import
	Par         string    // name of who imported it
	Actes       []Acte    // received by the lots, to be told to their procedures
}
