package courrier

import (
	"strconv"
	"strings"

	"guichet/opco"
)

// RIB tells the contact on file what becomes of the bank details of its organisation.
// It goes to who was known before, whoever asked for the change: it carries no link to
// press, and says whom to call.
type RIB struct {
	Envoi
	Evenement opco.Evenement
	Change    opco.RIBChange
	Attente   int // hours of the hold
}

// Nom is the name of the event.
func (r RIB) Nom() string { return strings.ToLower(string(r.Evenement)) }

// Lettre says that the event has no letter.
func (RIB) Lettre(Maison) (Lettre, bool) { return Lettre{}, false }

// Courriel returns the mail. No whole account is ever in it.
func (r RIB) Courriel(m Maison) (Message, error) {
	objet, titre, textes := r.mots()
	blocs := make([]Bloc, 0, len(textes)+1)
	for _, t := range textes {
		blocs = append(blocs, Paragraphe{Texte: t})
	}
	appel := " Appelez-nous au numéro que vous connaissez déjà, pas à celui d’un message reçu."
	if m.Telephone != "" {
		appel = " Appelez-nous au " + insecables(m.Telephone) + "."
	}
	blocs = append(blocs, Encadre{Fort: "Ce n’est pas vous ?", Texte: appel})
	return r.message(m, objet, titre, "", blocs)
}

func (r RIB) mots() (objet, titre string, textes []string) {
	nouveau, ancien := insecables(r.Change.Nouveau), insecables(r.Change.Ancien)
	vers := "le compte " + nouveau
	if r.Change.Ancien != "" {
		vers += ", à la place du compte " + ancien
	}
	switch r.Evenement {
	case opco.CourrierRIBRefuse:
		return "changement de RIB refusé", "Votre changement de RIB est refusé", []string{
			"Nous n’avons pas accepté de payer " + r.A.Nom + " sur le compte " + nouveau + ". " + point(r.Change.Raison),
			"Rien ne change : votre compte d’avant reste en service. Vous pouvez déposer un autre RIB dans votre espace."}
	case opco.CourrierRIBActif:
		return "nouveau RIB en service", "Votre nouveau RIB est en service", []string{
			"Depuis aujourd’hui, nous payons " + r.A.Nom + " sur " + vers + "."}
	case opco.CourrierRIBGele:
		return "RIB gelé", "Les paiements vers votre compte sont suspendus", []string{
			"Nous ne payons plus rien sur le compte " + nouveau + " de " + r.A.Nom + ". " + point(r.Change.Raison),
			"Ce que nous vous devons vous reste dû. Déposez un nouveau RIB dans votre espace, ou appelez-nous."}
	}
	return "changement de RIB demandé", "Un changement de RIB est demandé", []string{
		r.Change.Par + " demande que nous payions " + r.A.Nom + " sur " + vers + ".",
		"Deux personnes de l’OPCO vérifient cette demande, puis les virements attendent encore " + strconv.Itoa(r.Attente) + " h" +
			". D’ici là, rien ne vous est payé."}
}

func point(s string) string {
	if s == "" {
		return ""
	}
	return strings.TrimRight(s, ".") + "."
}

// rib words what becomes of the bank details of an organisation.
func (r redaction) rib() (Evenement, error) {
	if r.e.RIB == nil {
		return nil, opco.Errorf(opco.Invalid, "Aucun RIB n’est nommé : il n’y a rien à écrire.")
	}
	return RIB{Envoi: r.entete, Evenement: r.e.Courrier.Evenement, Change: *r.e.RIB, Attente: r.e.Parametres.RIBAttenteHeures}, nil
}
