package opco

import (
	"slices"
	"strconv"
	"strings"
)

// Poser writes into d what a person typed in one field, and leaves d as it was when
// the text cannot be read: the error, Invalid, is on that field. An empty text empties
// the field. A field is named by its path in JSON, with points: « organisme.siret »,
// « lignes.PEDA », « lignes.DIVERS.detail », « stagiaires.0.heures ». It reports a
// NotFound error for a name that is no field of d.
func (d *Demande) Poser(champ, texte string) error {
	x, ok := d.champ(champ)
	if !ok {
		return Errorf(NotFound, "Le champ « %s » n’existe pas.", citer(champ))
	}
	if err := x.poser(texte); err != nil {
		return Champf(champ, "%s", err.Error())
	}
	return nil
}

// Saisie returns what a field holds, as a person would type it; "" when it is empty
// or is no field of d.
func (d Demande) Saisie(champ string) string {
	x, ok := d.champ(champ)
	if !ok {
		return ""
	}
	return x.lire()
}

// CheminDeFormulaire turns the name that Valider gives a field into the one that Poser
// knows: « lignes[1].montant » into « lignes.REPAS », « stagiaires[0].nom » into
// « stagiaires.0.nom ».
func (d Demande) CheminDeFormulaire(champ string) string {
	reste, ok := strings.CutPrefix(champ, "lignes[")
	if ok {
		rang, suite, _ := strings.Cut(reste, "]")
		if i, err := strconv.Atoi(rang); err == nil && i >= 0 && i < len(d.Lignes) {
			return "lignes." + string(d.Lignes[i].Ligne) + strings.TrimPrefix(strings.TrimPrefix(suite, ".montant"), ".ligne")
		}
	}
	return strings.NewReplacer("[", ".", "]", "").Replace(champ)
}

// paiementDe is who pays the organisme: oui, the OPCO; non, the company, which is then
// reimbursed; empty, nobody said (AK-23).
func (d *Demande) paiementDe() champDemande {
	direct := ouiDe(&d.Subrogation)
	return champDemande{
		func(s string) error {
			err := direct.poser(s)
			if err == nil {
				d.Rembourse = !d.Subrogation && strings.TrimSpace(s) != ""
			}
			return err
		},
		func() string {
			if d.Rembourse && !d.Subrogation {
				return "non"
			}
			return direct.lire()
		}}
}

// ligneDe is the amount of a cost line; 0 takes the line out, unless it has a detail.
func (d *Demande) ligneDe(l Ligne) champDemande {
	return champDemande{
		func(s string) error {
			m, err := lireMontant(s)
			if err == nil {
				d.ecrireLigne(l, func(x *LigneDemandee) { x.Montant = m })
			}
			return err
		},
		func() string { return direMontant(d.Montant(l)) }}
}

// detailDe is what a cost line is (AK-51).
func (d *Demande) detailDe(l Ligne) champDemande {
	return champDemande{
		func(s string) error {
			t, err := ParseTexte("", s, detailMax)
			if err == nil {
				d.ecrireLigne(l, func(x *LigneDemandee) { x.Detail = t })
			}
			return err
		},
		func() string {
			for _, x := range d.Lignes {
				if x.Ligne == l {
					return x.Detail
				}
			}
			return ""
		}}
}

// ecrireLigne changes a cost line, and keeps those that say something in the order of
// AK-33.
func (d *Demande) ecrireLigne(l Ligne, changer func(*LigneDemandee)) {
	var ls []LigneDemandee
	for _, code := range Lignes() {
		x := LigneDemandee{Ligne: code}
		if i := slices.IndexFunc(d.Lignes, func(y LigneDemandee) bool { return y.Ligne == code }); i >= 0 {
			x = d.Lignes[i]
		}
		if code == l {
			changer(&x)
		}
		if x.Montant != 0 || x.Detail != "" {
			ls = append(ls, x)
		}
	}
	d.Lignes = ls
}

// champ finds a field of d by its name.
func (d *Demande) champ(nom string) (champDemande, bool) {
	tete, reste, suite := strings.Cut(nom, ".")
	switch {
	case !suite:
		return d.champSimple(nom)
	case tete == "organisme":
		return d.Organisme.champ(reste)
	case tete == "lignes":
		code, detail, _ := strings.Cut(reste, ".")
		if !slices.Contains(Lignes(), Ligne(code)) || detail != "" && detail != "detail" {
			return champDemande{}, false
		}
		if detail != "" {
			return d.detailDe(Ligne(code)), true
		}
		return d.ligneDe(Ligne(code)), true
	}
	rang, nom, _ := strings.Cut(reste, ".")
	i, err := strconv.Atoi(rang)
	switch {
	case err != nil || i < 0:
	case tete == "stagiaires" && i < len(d.Stagiaires):
		return d.Stagiaires[i].champ(nom)
	case tete == "modules" && i < len(d.Modules):
		return d.Modules[i].champ(nom)
	}
	return champDemande{}, false
}

func (d *Demande) champSimple(nom string) (champDemande, bool) {
	switch nom {
	case "etablissement":
		return lu(&d.Etablissement, ParseSIRET, tel), true
	case "interne":
		return ouiDe(&d.Interne), true
	case "subrogation":
		return d.paiementDe(), true
	case "echelonnement":
		return ouiDe(&d.Echelonnement), true
	case "intitule":
		return texteDe(&d.Intitule, intituleMax), true
	case "nature":
		return codeDe(&d.Nature, "un type d’action", Natures()), true
	case "code_cpf":
		return texteDe(&d.CodeCPF, referenceMax), true
	case "duree":
		return dureeDe(&d.Duree), true
	case "debut":
		return lu(&d.Debut, ParseDate, tel), true
	case "fin":
		return lu(&d.Fin, ParseDate, tel), true
	case "commentaire":
		return texteDe(&d.Commentaire, commentaireMax), true
	case "reference_client":
		return texteDe(&d.ReferenceClient, referenceMax), true
	}
	return champDemande{}, false
}

func (o *OrganismeDemande) champ(nom string) (champDemande, bool) {
	switch nom {
	case "siret":
		return lu(&o.SIRET, ParseSIRET, SIRET.Affiche), true
	case "nda":
		return lu(&o.NDA, ParseNDA, NDA.Affiche), true
	case "nom":
		return nomDe(&o.Nom), true
	case "type":
		return codeDe(&o.Type, "un type d’organisme", TypesOrganisme()), true
	case "adresse":
		return texteDe(&o.Adresse, intituleMax), true
	case "code_postal":
		return lu(&o.CodePostal, parseCodePostal, tel), true
	case "ville":
		return nomDe(&o.Ville), true
	case "contact":
		return nomDe(&o.Contact), true
	case "telephone":
		return texteDe(&o.Telephone, referenceMax), true
	case "email":
		return lu(&o.Email, ParseEmail, tel), true
	}
	return champDemande{}, false
}

func (s *Stagiaire) champ(nom string) (champDemande, bool) {
	switch nom {
	case "nom":
		return nomDe(&s.Nom), true
	case "prenom":
		return nomDe(&s.Prenom), true
	case "ne_le":
		return lu(&s.NeLe, ParseDate, tel), true
	case "heures":
		return dureeDe(&s.Heures), true
	case "salaire_horaire":
		return montantDe(&s.SalaireHoraire), true
	case "peda":
		return montantDe(&s.Peda), true
	case "transport":
		return montantDe(&s.Transport), true
	case "repas":
		return nombreDe(&s.Repas), true
	case "nuits":
		return nombreDe(&s.Nuits), true
	}
	return champDemande{}, false
}

func (m *Module) champ(nom string) (champDemande, bool) {
	switch nom {
	case "intitule":
		return texteDe(&m.Intitule, intituleMax), true
	case "duree":
		return dureeDe(&m.Duree), true
	case "montant":
		return montantDe(&m.Montant), true
	}
	return champDemande{}, false
}
