package web

import "guichet/opco"

// Vocabulaire is the set of words in which an état is said.
type Vocabulaire string

// The vocabularies. Titulaire is what the holder of an account reads on their own
// tiles: before the advisor's answer the access is limited (MA-58, MA-83).
const (
	Guichet   Vocabulaire = ""
	Atlas     Vocabulaire = "atlas"
	Akto      Vocabulaire = "akto"
	Titulaire Vocabulaire = "portail"
)

// marque is how an état looks: never by its colour alone.
type marque struct{ Libelle, Icone, Ton string }

// marques maps the états of a dossier to their icon and tone; their labels are
// those of opco.
var marques = map[opco.Etat]marque{
	opco.EtatBrouillon:          {Icone: "pencil-line", Ton: Gris},
	opco.EtatSupprime:           {Icone: "trash-2", Ton: Gris},
	opco.EtatTransmise:          {Icone: "send", Ton: Bleu},
	opco.EtatACompleter:         {Icone: "file-clock", Ton: Ambre},
	opco.EtatEnInstruction:      {Icone: "file-search", Ton: Bleu},
	opco.EtatEnValidation:       {Icone: "eye", Ton: Prune},
	opco.EtatAccordee:           {Icone: "circle-check", Ton: Vert},
	opco.EtatAccordeePartielle:  {Icone: "chart-pie", Ton: Vert},
	opco.EtatRefusee:            {Icone: "circle-x", Ton: Rouge},
	opco.EtatSansSuite:          {Icone: "archive-x", Ton: Gris},
	opco.EtatAnnulee:            {Icone: "ban", Ton: Gris},
	opco.EtatEnRealisation:      {Icone: "graduation-cap", Ton: Bleu},
	opco.EtatAttenteServiceFait: {Icone: "hourglass", Ton: Ambre},
	opco.EtatSFEnControle:       {Icone: "list-checks", Ton: Bleu},
	opco.EtatSFNonConforme:      {Icone: "file-x", Ton: Rouge},
	opco.EtatEnReglement:        {Icone: "banknote", Ton: Bleu},
	opco.EtatRegleePartielle:    {Icone: "coins", Ton: Vert},
	opco.EtatReglee:             {Icone: "badge-check", Ton: Vert},
	opco.EtatCloturee:           {Icone: "archive", Ton: Gris},
}

// marquesHabilitation are the états of one right: one service in one
// établissement (domain.md 2.9, C07 to C15).
var marquesHabilitation = map[opco.EtatHabilitation]marque{
	opco.HabDemandee:  {"Demandée", "send", Gris},
	opco.HabAValider:  {"À valider", "hourglass", Ambre},
	opco.HabPrecision: {"Précision demandée", "message-square", Ambre},
	opco.HabAccordee:  {"Accordée", "circle-check", Vert},
	opco.HabRefusee:   {"Refusée", "circle-x", Rouge},
	opco.HabRetiree:   {"Retirée", "ban", Rouge},
	opco.HabSuspendue: {"Suspendue", "pause", Ambre},
	opco.HabExpiree:   {"Expirée", "archive", Gris},
}

// marquesPortail says the same états to the holder of the account, on a tile.
var marquesPortail = map[opco.EtatHabilitation]marque{
	opco.HabDemandee:  {"Accès limité", "hourglass", Ambre},
	opco.HabAValider:  {"Accès limité", "hourglass", Ambre},
	opco.HabPrecision: {"Une précision est attendue de vous", "message-square", Ambre},
	opco.HabAccordee:  {"Ouvert", "circle-check", Vert},
	opco.HabRefusee:   {"Refusé", "circle-x", Rouge},
	opco.HabRetiree:   {"Retiré", "ban", Rouge},
	opco.HabSuspendue: {"Suspendu", "pause", Ambre},
	opco.HabExpiree:   {"Expiré", "archive", Gris},
}

// marquesTuile are the états of a tile (MA-83).
var marquesTuile = map[opco.EtatTuile]marque{
	opco.TuileOuverte: {"Ouvert", "circle-check", Vert},
	opco.TuileAOuvrir: {"À ouvrir", "play", Ambre},
	opco.TuileLimitee: {"Accès limité", "hourglass", Ambre},
	opco.TuileFermee:  {"Fermé", "circle-x", Rouge},
	opco.TuileAbsente: {"Pas encore demandé", "circle-dashed", Gris},
}

// marquesCompte maps the états of an account to their icon and tone; their labels
// are those of opco.
var marquesCompte = map[opco.Etat]marque{
	opco.CompteDemandeSaisie:      {Icone: "pencil-line", Ton: Gris},
	opco.CompteEmailAConfirmer:    {Icone: "mail", Ton: Ambre},
	opco.CompteExpire:             {Icone: "archive", Ton: Gris},
	opco.CompteActifLimite:        {Icone: "hourglass", Ton: Ambre},
	opco.CompteActif:              {Icone: "circle-check", Ton: Vert},
	opco.CompteProvisoire:         {Icone: "key-round", Ton: Ambre},
	opco.CompteIdentifiantModifie: {Icone: "mail", Ton: Ambre},
	opco.CompteMotDePasseConfirme: {Icone: "shield-check", Ton: Ambre},
	opco.CompteClos:               {Icone: "ban", Ton: Gris},
}

// marqueDe returns how to show an état in a vocabulary; the label is "" when it
// has no word there.
func marqueDe(etat string, v Vocabulaire) marque {
	if v == Titulaire {
		return marquesPortail[opco.EtatHabilitation(etat)]
	}
	m := marques[opco.Etat(etat)]
	l := opco.Etat(etat).Libelles()
	m.Libelle = map[Vocabulaire]string{Guichet: l.Guichet, Atlas: l.Atlas, Akto: l.Akto}[v]
	return m
}

// marqueCompte returns how to show the état of an account.
func marqueCompte(etat opco.Etat) marque {
	m := marquesCompte[etat]
	m.Libelle = opco.LibelleCompte(etat)
	return m
}
