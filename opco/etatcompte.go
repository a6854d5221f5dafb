package opco

// The états of an account (domain.md 2.9). They share the type Etat with the
// other objects of the journal; EtatsCompte lists them.
const (
	CompteDemandeSaisie      Etat = "DEMANDE_SAISIE"
	CompteEmailAConfirmer    Etat = "EMAIL_A_CONFIRMER"
	CompteExpire             Etat = "COMPTE_EXPIRE"
	CompteActifLimite        Etat = "ACTIF_LIMITE"
	CompteActif              Etat = "ACTIF"
	CompteProvisoire         Etat = "PROVISOIRE"
	CompteIdentifiantModifie Etat = "IDENTIFIANT_MODIFIE"
	CompteMotDePasseConfirme Etat = "MOT_DE_PASSE_CONFIRME"
	CompteClos               Etat = "CLOS"
)

// EtatsCompte lists every état that a saved account may have.
func EtatsCompte() []Etat {
	return []Etat{CompteDemandeSaisie, CompteEmailAConfirmer, CompteExpire, CompteActifLimite, CompteActif,
		CompteProvisoire, CompteIdentifiantModifie, CompteMotDePasseConfirme, CompteClos}
}

// LibelleCompte returns the words that people read for an état of an account.
func LibelleCompte(e Etat) string { return libellesCompte[e] }

var libellesCompte = map[Etat]string{
	CompteDemandeSaisie:      "Demande saisie",
	CompteEmailAConfirmer:    "E-mail à confirmer",
	CompteExpire:             "Expiré",
	CompteActifLimite:        "Actif, accès limité",
	CompteActif:              "Actif",
	CompteProvisoire:         "Identifiants provisoires envoyés",
	CompteIdentifiantModifie: "Nouvel identifiant à confirmer",
	CompteMotDePasseConfirme: "Politique de confidentialité à accepter",
	CompteClos:               "Clos",
}

// CompteOuvert reports whether somebody may log in to an account in état e for
// good, whatever its rights.
func CompteOuvert(e Etat) bool { return e == CompteActifLimite || e == CompteActif }

// CompteFini reports whether the procedure of an account in état e has ended. An
// expired account is issued again, and a closed one keeps its purge: both start
// a run again from the journal.
func CompteFini(e Etat) bool { return e == CompteClos }
