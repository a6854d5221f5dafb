package opco

import "slices"

const (
	// ToutesFiles stands for every work when no worker is there at all.
	ToutesFiles = "toutes"
	// AucuneVersion stands for the works of which workers are there, all of versions that the
	// engine entrusts nothing to.
	AucuneVersion = "version"
)

// SansPart is what a worker says that it does of a work whose procedures the engine keeps for
// other versions than its own.
func SansPart(travail string) string { return travail + " sans part" }

// unTravail is what the house knows of a work of a worker: its name in the configuration, what it
// is in words, what waits when nobody does it, and how much that stops.
type unTravail struct {
	nom, quoi, effet string
	gravite          Gravite
}

var travaux = []unTravail{
	{"dossier", "les dossiers et les indus", "Les actes des dossiers sont enregistrés et attendent, dans l’ordre.", GraviteArret},
	{"compte", "les comptes", "Les inscriptions et les droits demandés sont enregistrés et attendent, dans l’ordre.", GraviteArret},
	{"banque", "les lots et les fichiers de la banque", "Aucun fichier ne part à la banque et ses réponses ne sont pas lues. Chacun attend, et ne partira qu’une fois.", GraviteArret},
	{"courrier", "les lettres et les courriels", "Aucun courriel ne part et aucune lettre n’est composée : ils attendent, et partiront chacun une fois. Les dossiers avancent.", GraviteRetard},
	{"relais", "le relais vers le moteur", "Un acte ou une échéance que le moteur n’a pas entendus ne lui sont plus redits. Rien n’est perdu.", GraviteRetard},
	{"actions", "les actions sur beaucoup de dossiers", "Les actions groupées attendent. Les dossiers avancent.", GraviteRetard},
	{"signaux", "les signaux du contrôle", "Les signaux ne sont plus recalculés et les suspensions à revoir ne sont plus rappelées. Les dossiers avancent.", GraviteAttention},
	{"entretien", "l’entretien", "Les coordonnées bancaires validées n’entrent plus en service ; les purges et les compteurs attendent.", GraviteRetard},
	{"ops", "les travaux de l’exploitation", "Les interventions, les rejeux et la vérification de la nuit attendent. Les dossiers avancent.", GraviteRetard},
}

// Travaux lists the works that the workers of the house do between them.
func Travaux() []string {
	noms := make([]string, len(travaux))
	for i, t := range travaux {
		noms[i] = t.nom
	}
	return noms
}

// TravauxSansExecutant lists the works that none of these workers does, ToutesFiles alone when
// there is no worker. One that does not say what it does may do everything: it is of before.
func TravauxSansExecutant(es []Executant) []string {
	if len(es) == 0 {
		return []string{ToutesFiles}
	}
	return slices.DeleteFunc(Travaux(), func(t string) bool {
		return slices.ContainsFunc(es, func(e Executant) bool { return len(e.Files) == 0 || slices.Contains(e.Files, t) })
	})
}

// ReunirSansPart puts AucuneVersion once for the works that are not done because of the version of the
// workers: they are one fault.
func ReunirSansPart(vides []string, es []Executant) []string {
	var reunis []string
	for _, t := range vides {
		if slices.ContainsFunc(es, func(e Executant) bool { return slices.Contains(e.Files, SansPart(t)) }) {
			t = AucuneVersion
		}
		if !slices.Contains(reunis, t) {
			reunis = append(reunis, t)
		}
	}
	return reunis
}

// diagnosticVersion says that the workers wait for somebody to entrust the procedures to them.
var diagnosticVersion = Diagnostic{Titre: "Aucune version des exécutants ne sert les procédures", Gravite: GraviteArret,
	Pourquoi: "Des exécutants sont là, mais les procédures sont confiées à une autre version que la leur, dont plus aucun ne tourne, ou ne l’ont jamais été.",
	Effet:    "Les dépôts et les lectures continuent. Les actes sont enregistrés et attendent, dans l’ordre.",
	Conseil:  "« guichet ops version » liste les versions ; « guichet ops version NOM » confie les procédures à celle qui tourne, « --aucune » aux exécutants sans version. Ou redémarrez ceux de l’autre version. Tout reprend seul."}

// diagnosticTravail says what the lack of a worker for one work means, nothing for all of them.
func diagnosticTravail(nom string) Diagnostic {
	if nom == AucuneVersion {
		return diagnosticVersion
	}
	i := slices.IndexFunc(travaux, func(t unTravail) bool { return t.nom == nom })
	if i < 0 {
		return Diagnostic{}
	}
	t := travaux[i]
	return Diagnostic{Titre: "Aucun exécutant ne fait ce travail : " + t.quoi, Effet: t.effet, Gravite: t.gravite,
		Pourquoi: "L’exécutant de la file « " + nom + " » est arrêté ou coupé du moteur, ou aucun n’a cette file dans ses réglages.",
		Conseil:  "Démarrez un exécutant qui sert la file « " + nom + " » (--files ou GUICHET_FILES). Tout reprend seul, dans l’ordre."}
}
