package web

func titreSecurite(p Securite) string {
	if p.Enroler {
		return "Protégez votre compte"
	}
	return "Mon compte"
}

// optionsFacteurs lists the second proofs that may be taken away.
func optionsFacteurs(f FacteursPoses) []Option {
	var os []Option
	for _, k := range f.Passkeys {
		os = append(os, Option{k.ID, k.Libelle})
	}
	if f.TOTP {
		os = append(os, Option{"totp", "Application de codes"})
	}
	return os
}

// suiteFacteur is where one goes on once a factor is in place.
func suiteFacteur(p Securite) string {
	if p.Enroler {
		return "/accueil"
	}
	return "/compte/securite"
}
