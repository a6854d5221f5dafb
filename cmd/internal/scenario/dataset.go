package scenario

import (
	"strings"

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
	{"conseiller", "Inès", "Benkirane", opco.RoleConseiller},
	{"conseiller2", "Bastien", "Kerjean", opco.RoleConseiller},
	{"admin", "Nadège", "Rollin", opco.RoleAdmin},
	{"admin2", "Karim", "Haddad", opco.RoleAdmin},
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
	token                      string // of the browser that has no name: an API key, or its cookies
	apiKey                     string
	email, password            string
	civilite, fonction         string
	telephone                  string
	neLe                       opco.Date
	next                       string // identifiant chosen, until the link of its mail is clicked
	id                         string // of the account, "" not known yet
	browsers                   map[string]browser
}

// nomComplet is how the account signs.
func (a *account) nomComplet() string { return a.prenom + " " + a.nom }

// demoOrgs are the organisations of the demonstration, with their identifiers of
// domain.md 6.2.
var demoOrgs = map[string]org{
	"E1":  demoOrg("E1", "FR7699999000100010020030043", "", "99900101900010", "99900101900028"),
	"E2":  demoOrg("E2", "FR7699999000110010020031192", "", "99900108400014", "99900108400022"),
	"E3":  demoOrg("E3", "FR7699999000120010020032244", "", "99900115900014", "99900115900022"),
	"E4":  demoOrg("E4", "FR7699999000130010020033393", "", "99900122500013", "99900122500021"),
	"E5":  demoOrg("E5", "FR7699999000140010020034445", "", "99900129000017", "99900129000025"),
	"OF1": demoOrg("OF1", "FR7699999000150010020035594", "11756099975", "99900136500017", "99900136500025"),
	"OF2": demoOrg("OF2", "FR7699999000160010020036646", "84691234569", "99900143100017", "99900143100025"),
	"OF3": demoOrg("OF3", "FR7699999000170010020037795", "93131234513", "99900150600016", "99900150600024"),
	"OF4": demoOrg("OF4", "FR7699999000190010020039996", "75331234533", "99900164700018", "99900164700026"),
}

func demoOrg(key string, iban opco.IBAN, nda opco.NDA, sirets ...opco.SIRET) org {
	m := models[key]
	return org{Key: key, Model: m, Nom: m.nom, SIREN: sirets[0].SIREN(), SIRETs: sirets, IBAN: iban, NDA: nda,
		Email: strings.ToLower(key) + "@exemple.test"}
}
