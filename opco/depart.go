package opco

import (
	"fmt"
	"regexp"
	"strings"
)

// SortDepart is what the base knows of a payment file that the folder of the bank holds, or should
// (reliability.md section 5: a base brought back to an instant has forgotten what left after it).
type SortDepart string

// What may be known of a file.
const (
	DepartConnu     SortDepart = "connu"           // the base knows that it left
	DepartAttendu   SortDepart = "à transmettre"   // the base is about to send this very file: it is not written twice
	DepartInconnu   SortDepart = "parti, inconnu"  // it left, and the base does not know
	DepartAutre     SortDepart = "autre fichier"   // it left, and the base has other bytes under this lot
	DepartManquant  SortDepart = "absent"          // the base says that it left, or is about to, and it is not there
	DepartIllisible SortDepart = "illisible"       // it is no order of Guichet: a person reads it
	DepartTenu      SortDepart = "tenu pour parti" // two persons said that it left
)

// JugerDepart compares the file of a lot that is in the folder of the bank, by its SHA-256, with what
// the base has archived for that lot in état e; archive is "" when it has nothing.
func JugerDepart(e EtatLot, archive, empreinte string) SortDepart {
	switch {
	case archive == empreinte && (e == LotTransmis || e == LotInconnu || e == LotSolde):
		return DepartConnu
	case archive == empreinte && (e == LotValide || e == LotEmis):
		return DepartAttendu
	case archive != "" && archive != empreinte:
		return DepartAutre
	}
	return DepartInconnu
}

// Regle reports whether nothing is left to decide of a file.
func (s SortDepart) Regle() bool {
	return s == DepartConnu || s == DepartAttendu || s == DepartTenu
}

// Echappe reports whether money left that the base does not know.
func (s SortDepart) Echappe() bool { return s == DepartInconnu || s == DepartAutre }

var (
	resteDit   = regexp.MustCompile(` \+\d+$`)
	dossierDit = regexp.MustCompile(`^AF\d{2}-\d{6}( |$)`)
)

// FacturesRemises lists the invoices that the remittance of a transfer names, « DOSSIER FACTURE », as
// Remise wrote them; what did not fit in it is counted only.
func FacturesRemises(endToEndID, remise string) []string {
	t := strings.TrimSpace(strings.TrimPrefix(remise, SepaIdentifiant(endToEndID)))
	var fs []string
	for _, x := range strings.Split(resteDit.ReplaceAllString(t, ""), ", ") {
		switch {
		case x == "":
		case len(fs) == 0 || dossierDit.MatchString(x):
			fs = append(fs, x)
		default: // the number of an invoice has a comma
			fs[len(fs)-1] += ", " + x
		}
	}
	return fs
}

// ErrDepartsInconnus refuses to open payments again while n transfers of that sum left that the base
// does not know.
func ErrDepartsInconnus(n int, somme Montant) *Error {
	return Errorf(Conflict, "%s pour %s : le dossier de la banque le montre, et la base l’ignore. Les paiements ne se rouvrent pas avant que deux personnes aient demandé « %s ».",
		departs(n), somme, VerbeTenirPartis.Libelle()).AvecCode("DEPARTS_INCONNUS")
}

func departs(n int) string {
	if n == 1 {
		return "1 virement est parti"
	}
	return fmt.Sprintf("%d virements sont partis", n)
}

// DepartsTenus says that n transfers of that sum are held for gone.
func DepartsTenus(n int, somme Montant) string {
	return fmt.Sprintf("Constaté : %s, pour %s, issue inconnue. Les factures qu’ils nomment ne sont plus proposées au paiement.", departs(n), somme)
}
