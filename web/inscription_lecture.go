package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"guichet/opco"
)

// lecteur reads the fields of a form and gathers what is wrong with them, in the
// order of the page.
type lecteur struct {
	Formulaire
	fautes []Faute
}

// noter adds what is wrong with a field; the sentence is that of the rule.
func (l *lecteur) noter(champ string, err error) {
	if err == nil {
		return
	}
	l.fautes = append(l.fautes, Faute{champ, err.Error()})
}

func (l *lecteur) exiger(champ string, rempli bool, phrase string) {
	if !rempli {
		l.fautes = append(l.fautes, Faute{champ, phrase})
	}
}

// lire reads a field with the rule of its noun.
func lire[T any](l *lecteur, champ string, regle func(string) (T, error)) T {
	v, err := regle(l.Valeur(champ))
	l.noter(champ, err)
	return v
}

// nom reads the name of somebody.
func (l *lecteur) nom(champ string) string {
	return lire(l, champ, func(s string) (string, error) { return opco.ParseNom(champ, s) })
}

// facultatif reads a short text that may be empty.
func (l *lecteur) facultatif(champ string) string {
	return lire(l, champ, func(s string) (string, error) { return opco.ParseTexte(champ, s, opco.NomMax) })
}

// euros reads a whole number of euros (MA-26).
func euros(s string) (opco.Montant, error) {
	m, err := opco.ParseMontant(s)
	if err != nil || m <= 0 || m%100 != 0 {
		return 0, opco.Errorf(opco.Invalid, "Écrivez la masse salariale en euros, en nombre entier : par exemple 312480.")
	}
	return m, nil
}

// montantHT reads the amount of an invoice (MA-37).
func montantHT(s string) (opco.Montant, error) {
	m, err := opco.ParseMontant(s)
	if err != nil || m <= 0 {
		return 0, opco.Errorf(opco.Invalid, "Écrivez le montant hors taxes de la facture, en euros et centimes : par exemple 1200,00.")
	}
	return m, nil
}

// lireBlocs reads step 1: one box for each profile that is ticked.
func (l *lecteur) lireBlocs() []opco.BlocDemande {
	l.exiger("profil", l.Coche("profil", "entreprise") || l.Coche("profil", "organisme"), "Dites si vous êtes une entreprise, un organisme de formation, ou les deux.")
	var blocs []opco.BlocDemande
	if l.Coche("profil", "entreprise") {
		blocs = append(blocs, l.lireEntreprise())
	}
	if l.Coche("profil", "organisme") {
		blocs = append(blocs, l.lireOrganisme())
	}
	return blocs
}

func (l *lecteur) lireEntreprise() opco.BlocDemande {
	d := opco.BlocDemande{Profil: opco.RoleEntreprise, Branche: l.Valeur("branche")}
	l.exiger("branche", d.Branche != "", "Choisissez votre branche.")
	d.Services = l.lireServices(blocEntreprise)
	d.CodeAdherent = strings.ToUpper(l.facultatif("code_adherent"))
	l.exiger("code_adherent", d.CodeAdherent != "", "Indiquez votre code adhérent : il est en haut à droite de nos courriers.")
	d.MasseSalariale = lire(l, "masse_salariale", euros)
	return l.finir(blocEntreprise, d)
}

func (l *lecteur) lireOrganisme() opco.BlocDemande {
	d := opco.BlocDemande{Profil: opco.RoleOrganisme, Services: l.lireServices(blocOrganisme)}
	d.NDA = lire(l, "of_nda", opco.ParseNDA)
	d.FactureHT = lire(l, "of_facture", montantHT)
	return l.finir(blocOrganisme, d)
}

// finir reads what both boxes share.
func (l *lecteur) finir(b bloc, d opco.BlocDemande) opco.BlocDemande {
	d.Responsable = l.nom(b.champ("responsable"))
	for _, r := range b.rangs(l.Formulaire) {
		e := opco.EtablissementVoulu{SIRET: lire(l, b.champRang("siret", r), opco.ParseSIRET), Fonction: l.facultatif(b.champRang("fonction", r)), Telephone: l.facultatif(b.champRang("telephone", r))}
		l.exiger(b.champRang("fonction", r), e.Fonction != "", "Indiquez votre fonction dans l’établissement "+strconv.Itoa(r)+".")
		double := e.SIRET != "" && slices.ContainsFunc(d.Etablissements, func(x opco.EtablissementVoulu) bool { return x.SIRET == e.SIRET })
		l.exiger(b.champRang("siret", r), !double, "Vous avez déjà donné ce SIRET : gardez un seul des deux établissements.")
		d.Etablissements = append(d.Etablissements, e)
	}
	d.Certifie = l.Coche(b.champ("certifie"), "oui")
	l.exiger(b.champ("certifie"), d.Certifie, "Cochez cette case : certifiez que vous êtes autorisé à agir pour ces établissements.")
	return d
}

func (l *lecteur) lireServices(b bloc) []opco.Service {
	var services []opco.Service
	for _, s := range servicesDits[b] {
		if l.Coche(b.champ("service"), s.Valeur) {
			services = append(services, opco.Service(s.Valeur))
		}
	}
	l.exiger(b.champ("service"), len(services) > 0, "Choisissez au moins un service à ouvrir.")
	return services
}

// lireIdentite reads step 2.
func (l *lecteur) lireIdentite() opco.Identite {
	i := opco.Identite{Civilite: l.Valeur("civilite")}
	l.exiger("civilite", i.Civilite == "Mme" || i.Civilite == "M.", "Choisissez une civilité.")
	i.Nom, i.Prenom = l.nom("nom"), l.nom("prenom")
	i.Email = lire(l, "email", opco.ParseEmail)
	confirme, err := opco.ParseEmail(l.Valeur("email2"))
	l.exiger("email2", i.Email == "" || err == nil && confirme == i.Email, "Les deux adresses sont différentes. Vérifiez-les : votre code y sera envoyé.")
	i.Telephone = l.facultatif("telephone")
	if l.Valeur("ne_le") != "" {
		i.NeLe = lire(l, "ne_le", opco.ParseDate)
	}
	l.exiger("cgu", l.Coche("cgu", "oui"), "Acceptez les conditions d’utilisation pour créer votre compte.")
	return i
}

// ajouter opens one more établissement in a box.
func (b bloc) ajouter(f Formulaire) {
	f.Valeurs.Set(b.champ("etablissements"), strconv.Itoa(min(len(b.rangs(f))+1, etablissementsMax)))
}

// retirer takes the établissement rang away: the next ones move up.
func (b bloc) retirer(f Formulaire, rang int) {
	n := len(b.rangs(f))
	if rang < 1 || rang > n || n == 1 {
		return
	}
	for r := rang; r <= n; r++ {
		for _, nom := range []string{"siret", "fonction", "telephone"} {
			f.Valeurs.Set(b.champRang(nom, r), f.Valeur(b.champRang(nom, r+1)))
		}
	}
	f.Valeurs.Set(b.champ("etablissements"), strconv.Itoa(n-1))
}

// changer applies a button that adds or takes away an établissement. It reports
// false for the other buttons.
func changer(f Formulaire, action string) bool {
	for _, b := range []bloc{blocEntreprise, blocOrganisme} {
		if action == "ajouter_"+b.champ("siret") {
			b.ajouter(f)
			return true
		}
		if rang, ok := strings.CutPrefix(action, "retirer_"+b.champ("siret")+"_"); ok {
			n, _ := strconv.Atoi(rang)
			b.retirer(f, n)
			return true
		}
	}
	return false
}

// seulement keeps the known fields of a form, and a sane number of values of each.
func seulement(v url.Values, noms []string) url.Values {
	gardes := url.Values{}
	for _, n := range noms {
		if x := v[n]; len(x) > 0 {
			gardes[n] = x[:min(len(x), 6)]
		}
	}
	return gardes
}
