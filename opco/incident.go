package opco

import (
	"regexp"
	"strings"
	"time"
)

// Incident is one thing that is stuck, as whoever saw it reports it: a deed that fails
// again and again, an acte that nothing applies, a mail refused (architecture.md 3).
// Objet and Activite name it: the same two are the same incident.
type Incident struct {
	Objet     string // « dossier/<id> », « lot/<id> », « moteur »: an id, nothing personal
	Activite  string // the deed, or what looked; what follows a « / » tells two of one deed apart
	Essais    int
	Erreur    string     // what was answered; Epurer takes what is personal out of it
	Classe    Classe     // "" is read from Erreur
	Depuis    *time.Time // since when, nil for now
	Prochain  *time.Time // when it is tried again by itself, nil when nothing will
	Executant string     // the process that saw it
	Version   string     // the build of that process
	Run       string     // the run of the procedure
}

// NatureIncident is the kind of thing that is stuck (issue of operations, item 1).
type NatureIncident string

// The natures.
const (
	IncidentActe       NatureIncident = "acte"       // received, and without verdict for too long
	IncidentEcheance   NatureIncident = "echeance"   // passed, and nothing moved
	IncidentActivite   NatureIncident = "activite"   // a deed fails again and again
	IncidentProcedure  NatureIncident = "procedure"  // the procedure itself fails, or is gone
	IncidentMoteur     NatureIncident = "moteur"     // the engine, or the workers of a queue
	IncidentDivergence NatureIncident = "divergence" // journal, projection, ledger and procedure differ
	IncidentBanque     NatureIncident = "banque"     // an answer that never came
	IncidentCourriel   NatureIncident = "courriel"
	IncidentRIB        NatureIncident = "rib"
	IncidentCompte     NatureIncident = "compte"
	IncidentControle   NatureIncident = "controle"
	IncidentConnexion  NatureIncident = "connexion"
)

// NaturesIncident lists them.
func NaturesIncident() []NatureIncident {
	return []NatureIncident{IncidentActe, IncidentEcheance, IncidentActivite, IncidentProcedure, IncidentMoteur, IncidentDivergence, IncidentBanque,
		IncidentCourriel, IncidentRIB, IncidentCompte, IncidentControle, IncidentConnexion}
}

// What looks at the stuck, beside the deeds themselves: the Activite of their incidents.
const (
	ActiviteActe        = "acte"       // the oldest acte of an object without verdict
	ActiviteEcheance    = "echeance"   // the next échéance of an object
	ActiviteTache       = "procedure"  // a step of a procedure that fails
	ActiviteArret       = "arret"      // a procedure that is gone while its object is open
	ActiviteMoteur      = "moteur"     // the engine does not answer
	ActiviteFile        = "file"       // a queue that no worker serves
	ActiviteBoucle      = "boucle"     // the engine stops again and again
	ActivitePlace       = "place"      // a disk has no room for what is sent
	ActiviteInscription = "Record"     // a step of a procedure that cannot be written down
	ActiviteDivergence  = "divergence" // followed by « / » and the invariant
	ActiviteCourrier    = "courrier"   // followed by « / » and the mail
	ActiviteBanque      = "banque"     // a lot without an answer
	ActiviteService     = "MettreEnService"
)

var naturesDe = map[string]NatureIncident{
	ActiviteActe: IncidentActe, ActiviteEcheance: IncidentEcheance, ActiviteTache: IncidentProcedure, ActiviteArret: IncidentProcedure,
	ActiviteMoteur: IncidentMoteur, ActiviteFile: IncidentMoteur, ActiviteBoucle: IncidentMoteur, ActiviteDivergence: IncidentDivergence, ActiviteCourrier: IncidentCourriel,
	ActiviteBanque: IncidentBanque, ActiviteService: IncidentRIB, "compte": IncidentCompte, "tuile": IncidentCompte,
	"suspension": IncidentControle, "signaux": IncidentControle, "echecs": IncidentConnexion,
}

// Classe is what kind of answer makes it fail: one outage is one class, whatever the
// words of each refusal.
type Classe string

// The classes of answers. ClasseTue is that of what says nothing at all.
const (
	ClasseInjoignable Classe = "injoignable" // the other side does not answer
	ClasseLimite      Classe = "limite"      // it asks to come back later
	ClasseRefus       Classe = "refus"       // it refuses for good
	ClasseAcces       Classe = "acces"       // it refuses us
	ClasseDisque      Classe = "disque"      // no room left
	ClasseContrainte  Classe = "contrainte"  // the database refuses what would break a rule
	ClasseProgramme   Classe = "programme"   // the build does not follow the history, or panics
	ClasseDonnee      Classe = "donnee"      // what is stored cannot be read
	ClasseArretee     Classe = "arretee"     // stopped by hand
	ClassePersonne    Classe = "personne"    // no worker is there
	ClasseTue         Classe = "tue"
	ClasseAutre       Classe = "autre"
)

// Classes lists them.
func Classes() []Classe {
	return []Classe{ClasseInjoignable, ClasseLimite, ClasseRefus, ClasseAcces, ClasseDisque, ClasseContrainte, ClasseProgramme, ClasseDonnee,
		ClasseArretee, ClassePersonne, ClasseTue, ClasseAutre}
}

// signesDeClasse are what answers of each class say; the first that is found wins, so
// the exact ones come first.
var signesDeClasse = []struct {
	classe Classe
	signes []string
}{
	{ClasseDisque, []string{"no space left", "disk full", "disk quota", "53100", "could not extend file"}},
	{ClasseProgramme, []string{"tmprl1100", "nondeterministic", "non-deterministic", "panic", "nil pointer", "index out of range", "unregistered", "unable to find workflow type", "unable to find activitytype"}},
	{ClasseDonnee, []string{"unmarshal", "unable to decode", "payload", "invalid character", "ne peut pas être relu", "unexpected end of json", "22p02", "is not in the inbox"}},
	{ClasseContrainte, []string{"violates", "constraint", "duplicate key", "23505", "23514", "40001", "40p01", "deadlock", "journal"}},
	{ClasseAcces, []string{"authentication", "535 ", "530 ", "permission denied", "28p01", "access denied", "certificate", "x509"}},
	{ClasseLimite, []string{"421 ", "450 ", "451 ", "452 ", "552 ", "too many", "quota", "rate limit", "resource exhausted"}},
	{ClasseRefus, []string{"550 ", "551 ", "553 ", "554 ", "user unknown", "mailbox unavailable", "ne peut pas être écrit"}},
	{ClasseInjoignable, []string{"connection refused", "connection reset", "broken pipe", "no such host", "i/o timeout", "deadline exceeded", "timed out", "timeout", "unreachable", "unavailable", "eof", "bad connection", "no route", "57p01", "57p03", "service not ready"}},
}

// ClasserErreur reads the class of an answer in its words: ClasseTue when there are none,
// ClasseAutre when they are unknown.
func ClasserErreur(erreur string) Classe {
	e := strings.ToLower(strings.TrimSpace(erreur))
	if e == "" {
		return ClasseTue
	}
	for _, x := range signesDeClasse {
		for _, s := range x.signes {
			if strings.Contains(e, s) {
				return x.classe
			}
		}
	}
	return ClasseAutre
}

var (
	adresseDite = regexp.MustCompile(`[\pL\pN._%+'-]+@[\pL\pN.-]+`)
	ibanDit     = regexp.MustCompile(`\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b`)
	longNombre  = regexp.MustCompile(`\b\d(?: ?\d){12,14}\b`)
)

// erreurMax bounds what is kept of an answer, in characters.
const erreurMax = 400

// Epurer takes what is personal out of an answer before it is kept: mail addresses, bank
// accounts, numbers as long as those of a person. It keeps its beginning.
func Epurer(erreur string) string {
	e := adresseDite.ReplaceAllString(erreur, "[adresse]")
	e = ibanDit.ReplaceAllString(e, "[compte]")
	e = longNombre.ReplaceAllString(e, "[numéro]")
	if r := []rune(e); len(r) > erreurMax {
		e = string(r[:erreurMax]) + "…"
	}
	return e
}
