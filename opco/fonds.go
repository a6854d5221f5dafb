package opco

var libellesFonds = map[string]string{
	FondsConventionnel: "Contribution conventionnelle", FondsMutualise: "Plan mutualisé", FondsVV: "Versement volontaire",
	FondsRegion: "Région", FondsCPF: "CPF",
}

// CodesFonds lists the codes of the funds in the order in which they are used.
func CodesFonds() []string {
	return []string{FondsConventionnel, FondsMutualise, FondsVV, FondsRegion, FondsCPF}
}

// LibelleFonds returns the name of a fund as people read it.
func LibelleFonds(code string) string { return libellesFonds[code] }
