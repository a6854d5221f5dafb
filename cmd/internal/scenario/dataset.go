package scenario

import (
	"guichet/opco"
)

// opcoSIRET is the addressee of invoices under subrogation: « OPCO Démo ».
const opcoSIRET opco.SIRET = "99900171200010"

// model is an organisation of the data set of domain.md 6.2. Its identifiers are
// made anew for each scenario; all else is as written there.
type model struct {
	nom       string
	idcc      string
	effectif  int
	masse     opco.Montant
	tva       bool
	natures   []opco.Nature // Qualiopi
	organisme bool
}

var models = map[string]model{
	"E1":  {nom: "Atelier Numérique Sorbier", idcc: "1486", effectif: 7, masse: 312_480_00},
	"E2":  {nom: "École Les Tilleuls", idcc: "2691", effectif: 9, masse: 198_200_00},
	"E3":  {nom: "Conseil & Méthodes Garonne", idcc: "1486", effectif: 30, masse: 1_204_000_00},
	"E4":  {nom: "Banque Littorale", idcc: "2120", effectif: 60, masse: 3_310_500_00},
	"E5":  {nom: "Propreté Azur", idcc: "3043", effectif: 24, masse: 702_300_00},
	"OF1": {nom: "Formalia Synthèse", organisme: true, natures: []opco.Nature{opco.NatureFormation, opco.NatureVAE}},
	"OF2": {nom: "Compétences Plus Démo", organisme: true, natures: []opco.Nature{opco.NatureFormation}},
	"OF3": {nom: "Pédagogie Nouvelle", organisme: true, natures: []opco.Nature{opco.NatureFormation}, tva: true},
	"OF4": {nom: "Sans Label SARL", organisme: true},
}

// Qualiopi of the data set: held since long before, and until long after.
const (
	qualiopiDu opco.Date = "2024-01-01"
	qualiopiAu opco.Date = "2027-12-31"
)

// org is one organisation of one scenario.
type org struct {
	Key    string
	Model  model
	Number int
	Nom    string
	SIREN  opco.SIREN
	SIRETs []opco.SIRET
	IBAN   opco.IBAN
	NDA    opco.NDA
	Email  string
}

// newOrg makes an organisation like key with the identifiers of number n.
func newOrg(key string, m model, n int) *org {
	s := siren(n)
	o := &org{Key: key, Model: m, Number: n, Nom: m.nom, SIREN: s, SIRETs: []opco.SIRET{siret(s, 1), siret(s, 2)},
		IBAN: iban(n), Email: address(key, n)}
	if m.organisme {
		o.NDA = nda(n)
	}
	return o
}

// siege is the first établissement.
func (o *org) siege() opco.SIRET { return o.SIRETs[0] }

// staff are the accounts that every scenario has.
var staff = []struct {
	key, prenom, nom string
	role             opco.Role
}{
	{"gestionnaire", "Camille", "Vasseur", opco.RoleGestionnaire},
	{"gestionnaire2", "Idriss", "Benali", opco.RoleGestionnaire},
	{"responsable", "Odile", "Marchetti", opco.RoleResponsable},
	{"responsable2", "Yann", "Le Goff", opco.RoleResponsable},
	{"comptable", "Solène", "Picard", opco.RoleComptable},
	{"comptable2", "Élie", "Fontanel", opco.RoleComptable},
	{"auditeur", "Thaïs", "Okonkwo", opco.RoleAuditeur},
	{"ops", "Gaël", "N’Diaye", opco.RoleOps},
}

// people are the names given to stagiaires that a scenario only counts.
var people = [][2]string{
	{"Aïcha", "Ünal"}, {"Noël", "Œuvrard"}, {"Maëlle", "Guéguen"}, {"José", "Da Silva"}, {"Zoé", "L’Hermitte"},
	{"Tevaite", "Teriʻi"}, {"Anaïs", "Dupré"}, {"Björn", "Sørensen"}, {"Chloé", "O’Brien"}, {"Élodie", "Çelik"},
}

// account is one user of a scenario.
type account struct {
	key, identifiant, personne string
	prenom, nom                string
	role                       opco.Role
	sirets                     []opco.SIRET
	token                      string
}

// nomComplet is how the account signs.
func (a *account) nomComplet() string { return a.prenom + " " + a.nom }
