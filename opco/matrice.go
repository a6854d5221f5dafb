package opco

import (
	"fmt"
	"slices"
	"strings"
)

// The longest plausible day of training: beyond it a person looks (SF13).
const journeeMax = 12 * 60

// matrice lists the comparisons of the service fait in their order (domain.md
// 2.6). Each gives one result, or one per stagiaire, certificat or invoice.
var matrice = []func(*Dossier, Faits) []Controle{
	sfIdentite, sfIntitule, sfDates, sfHeures, sfTarif, sfParticipants, sfNature, sfSignature, sfPreuves,
	sfCalcul, sfDoublons, sfHabilitation, sfCapacite,
}

// ControlerServiceFait compares the accord, the certificats and the invoices of d
// by the checks SF1 to SF13. It decides nothing: hours and prices above the accord
// only lower what Constater pays; a BLOCK must be cleared first, SF12 by a
// responsable who has seen the proof. d must have a decision.
func ControlerServiceFait(d *Dossier, fa Faits) []Controle {
	var cs []Controle
	if d.Decision == nil {
		return cs
	}
	for _, comparer := range matrice {
		cs = append(cs, comparer(d, fa)...)
	}
	return cs
}

// controle makes a Controle; its sentence is the motif's, or says that all is well.
func controle(code, nom string, r Resultat, m Motif, p Precisions, sujet, preuve string) Controle {
	c := Controle{Code: code, Nom: nom, Resultat: r, Motif: m, Sujet: sujet, Preuve: preuve, Phrase: "Conforme à l’accord."}
	switch {
	case m != "":
		c.Phrase = m.Expliquer(p).Quoi
	case r == ResultatSansObjet:
		c.Phrase = "Sans objet pour ce dossier."
	}
	return c
}

// nomComplet writes the name as people say it.
func (c Certificat) nomComplet() string { return citer(c.Prenom + " " + c.Nom) }

func (s Stagiaire) nomComplet() string { return s.Prenom + " " + s.Nom }

// sfIdentite wants each certificat to name a stagiaire of the accord, and each
// stagiaire to have one.
func sfIdentite(d *Dossier, _ Faits) []Controle {
	const nom = "Identité du stagiaire"
	var cs []Controle
	for _, c := range d.Certificats {
		s, ok := d.certifie(c)
		preuve := "Certificat au nom de " + c.nomComplet()
		switch {
		case !ok:
			cs = append(cs, controle("SF1", nom, ResultatBlock, MotifSFIdentite, Precisions{"recu": c.nomComplet()}, c.ID, preuve))
		case NomsConcordent(c.Prenom+" "+c.Nom, s.nomComplet()) == ConcordanceProche:
			x := controle("SF1", nom, ResultatWarn, "", nil, s.ID, preuve+", accord au nom de "+s.nomComplet())
			x.Phrase = "Le nom du certificat ressemble à celui de l’accord sans être le même : vérifiez qu’il s’agit de la même personne."
			cs = append(cs, x)
		default:
			cs = append(cs, controle("SF1", nom, ResultatOK, "", nil, s.ID, preuve))
		}
	}
	for _, s := range d.Demande.Presents() {
		if len(d.certificatsDe(s)) == 0 {
			cs = append(cs, controle("SF1", nom, ResultatAttendu, MotifSFCertificatAbsent, Precisions{"nom": s.nomComplet()}, s.ID,
				"Aucun certificat au nom de "+s.nomComplet()))
		}
	}
	return cs
}

// sfIntitule compares titles word by word: half of the words of the accord in
// common is the same training.
func sfIntitule(d *Dossier, _ Faits) []Controle {
	const nom = "Intitulé"
	return d.parCertificat("SF2", nom, func(c Certificat) Controle {
		preuve := "Accord « " + d.Demande.Intitule + " », certificat « " + citer(c.Intitule) + " »"
		if intitulesProches(d.Demande.Intitule, c.Intitule) {
			return controle("SF2", nom, ResultatOK, "", nil, c.ID, preuve)
		}
		return controle("SF2", nom, ResultatWarn, MotifSFIntitule,
			Precisions{"recu": citer(c.Intitule), "attendu": d.Demande.Intitule}, c.ID, preuve)
	})
}

func intitulesProches(attendu, recu string) bool {
	mots := strings.Fields(CleRecherche(recu))
	attendus := strings.Fields(CleRecherche(attendu))
	communs := 0
	for _, m := range attendus {
		if slices.Contains(mots, m) {
			communs++
		}
	}
	return len(mots) > 0 && 2*communs >= len(attendus)
}

// parCertificat runs one check on each certificat, or says that they are awaited.
func (d *Dossier) parCertificat(code, nom string, comparer func(Certificat) Controle) []Controle {
	if len(d.Certificats) == 0 {
		return []Controle{controle(code, nom, ResultatAttendu, MotifSFCertificatAbsent, nil, "", "Aucun certificat reçu")}
	}
	var cs []Controle
	for _, c := range d.Certificats {
		cs = append(cs, comparer(c))
	}
	return cs
}

// sfDates wants the certified days inside those of the accord, and points at an
// invoice whose period is not the one certified.
func sfDates(d *Dossier, _ Faits) []Controle {
	const nom = "Dates"
	cs := d.datesCertifiees(nom)
	for _, f := range d.Factures {
		du, au := d.periodeCertifiee(f, func(Certificat) bool { return true })
		if !f.Etat.Ouverte() || f.Du == "" && f.Au == "" || du == "" || f.Du == du && f.Au == au {
			continue
		}
		x := controle("SF3", nom, ResultatWarn, "", nil, f.Numero, "Facture du "+f.Du.Longue()+" au "+f.Au.Longue()+
			", certificats du "+du.Longue()+" au "+au.Longue())
		x.Phrase = "La période facturée n’est pas celle des certificats : vérifiez ce que la facture paie."
		cs = append(cs, x)
	}
	return cs
}

func (d *Dossier) datesCertifiees(nom string) []Controle {
	q := d.Demande
	return d.parCertificat("SF3", nom, func(c Certificat) Controle {
		recu, attendu := "du "+c.Du.Longue()+" au "+c.Au.Longue(), "du "+q.Debut.Longue()+" au "+q.Fin.Longue()
		preuve := "Accord " + attendu + ", certificat " + recu
		switch {
		case c.Du == "" || c.Au < c.Du || c.Du < q.Debut || c.Au > q.Fin:
			return controle("SF3", nom, ResultatBlock, MotifSFDates, Precisions{"recu": recu, "attendu": attendu}, c.ID, preuve)
		case !q.Echelonnement && (c.Du > q.Debut || c.Au < q.Fin):
			x := controle("SF3", nom, ResultatWarn, "", nil, c.ID, preuve)
			x.Phrase = "La période certifiée est plus courte que celle de l’accord."
			return x
		}
		return controle("SF3", nom, ResultatOK, "", nil, c.ID, preuve)
	})
}

// sfHeures compares hours followed and hours granted: the lower is paid. A gap
// within the tolérance is not worth a word.
func sfHeures(d *Dossier, fa Faits) []Controle {
	const nom = "Heures"
	var cs []Controle
	for _, s := range d.Demande.Presents() {
		certifie, prevu, siens := Minutes(0), s.Heures, d.certificatsDe(s)
		for _, c := range siens {
			certifie += c.Heures
		}
		preuve := fmt.Sprintf("%s certifiées, %s accordées", certifie, prevu)
		ecart := prevu - certifie
		switch {
		case len(siens) == 0:
			cs = append(cs, controle("SF4", nom, ResultatAttendu, MotifSFCertificatAbsent, Precisions{"nom": s.nomComplet()}, s.ID, preuve))
		case ecart > fa.Parametres.ToleranceHeures && !d.Demande.Echelonnement:
			cs = append(cs, controle("SF4", nom, ResultatWarn, MotifSFHeures,
				Precisions{"nom": s.nomComplet(), "certifie": certifie.String(), "prevu": prevu.String()}, s.ID, preuve))
		case ecart < 0:
			x := controle("SF4", nom, ResultatWarn, "", nil, s.ID, preuve)
			x.Phrase = s.nomComplet() + " a suivi plus d’heures que l’accord n’en prévoit : seules les heures accordées sont payées."
			cs = append(cs, x)
		default:
			cs = append(cs, controle("SF4", nom, ResultatOK, "", nil, s.ID, preuve))
		}
	}
	return cs
}

// sfNature wants the nature of the accord. An AFEST is certified as a formation.
func sfNature(d *Dossier, _ Faits) []Controle {
	const nom = "Nature de l’action"
	commune := func(n Nature) Nature {
		if n == NatureAFEST {
			return NatureFormation
		}
		return n
	}
	return d.parCertificat("SF7", nom, func(c Certificat) Controle {
		attendue := d.Demande.Nature
		recue := string(c.Nature)
		if recue == "" {
			recue = "aucune"
		}
		preuve := "Accord " + string(attendue) + ", certificat " + recue
		if c.Nature != "" && commune(c.Nature) == commune(attendue) {
			return controle("SF7", nom, ResultatOK, "", nil, c.ID, preuve)
		}
		return controle("SF7", nom, ResultatBlock, MotifSFNature, Precisions{"recu": recue, "attendu": string(attendue)}, c.ID, preuve)
	})
}

// sfSignature wants a certificat signed and dated, not before the end of what it
// certifies, by the organisme of the accord (the company for a formation interne).
func sfSignature(d *Dossier, _ Faits) []Controle {
	const nom = "Signature"
	emetteur := d.Demande.Organisme.SIRET
	if d.Demande.Interne {
		emetteur = d.Demande.Etablissement
	}
	return d.parCertificat("SF8", nom, func(c Certificat) Controle {
		preuve := fmt.Sprintf("Signé le %s par le SIRET %s, formation finie le %s", c.SigneLe.Longue(), afficheOuAbsent(c.Emetteur), c.Au.Longue())
		m, p := Motif(""), Precisions{"nom": c.nomComplet(), "date": c.SigneLe.Longue(), "fin": c.Au.Longue(),
			"recu": afficheOuAbsent(c.Emetteur), "attendu": emetteur.Affiche()}
		switch {
		case !c.Signe || c.SigneLe == "":
			m = MotifSFCertificatNonSigne
		case c.SigneLe < c.Au:
			m = MotifSFCertificatAnticipe
		case c.Emetteur == "" || c.Emetteur.SIREN() != emetteur.SIREN():
			m = MotifSFCertificatEmetteur
		default:
			return controle("SF8", nom, ResultatOK, "", nil, c.ID, preuve)
		}
		return controle("SF8", nom, ResultatBlock, m, p, c.ID, preuve)
	})
}

// sfPreuves looks at the émargements only when the OPCO asked for them: the
// certificat rests on trust.
func sfPreuves(d *Dossier, _ Faits) []Controle {
	const nom = "Preuves de présence"
	if d.Complement != nil {
		for _, p := range d.Complement.Pieces {
			switch {
			case p.Type != PieceEmargement:
			case p.Recue == "":
				return []Controle{controle("SF9", nom, ResultatAttendu, MotifSFEmargementAbsent, nil, "", "Demandées, pas encore reçues")}
			default:
				return []Controle{controle("SF9", nom, ResultatOK, "", nil, "", "Demandées et reçues")}
			}
		}
	}
	return []Controle{controle("SF9", nom, ResultatSansObjet, "", nil, "", "Non demandées")}
}

// sfDoublons points at hours that may be paid twice: the same person elsewhere at
// the same time, or a file of certificat already seen.
func sfDoublons(d *Dossier, fa Faits) []Controle {
	const nom = "Doublons"
	var cs []Controle
	for _, x := range fa.Chevauchements {
		i := slices.IndexFunc(d.Demande.Stagiaires, func(s Stagiaire) bool { return s.ID == x.Stagiaire })
		if i < 0 {
			continue
		}
		qui := d.Demande.Stagiaires[i].nomComplet()
		cs = append(cs, controle("SF11", nom, ResultatWarn, MotifSFChevauchement, Precisions{"nom": qui, "dossier": x.Dossier}, x.Stagiaire,
			fmt.Sprintf("%s aussi en formation du %s au %s, dossier %s", qui, x.Du.Longue(), x.Au.Longue(), x.Dossier)))
	}
	for _, c := range d.Certificats {
		if c.Empreinte != "" && slices.Contains(fa.CertificatsConnus, c.Empreinte) {
			cs = append(cs, controle("SF11", nom, ResultatWarn, MotifSFChevauchement, Precisions{"nom": c.nomComplet()}, c.ID,
				"Le même fichier de certificat a servi dans un autre dossier"))
		}
	}
	if cs == nil {
		cs = []Controle{controle("SF11", nom, ResultatOK, "", nil, "", "Aucun autre dossier sur ces dates, aucun fichier déjà vu")}
	}
	return cs
}

// sfCapacite points at days too long to be true.
func sfCapacite(d *Dossier, _ Faits) []Controle {
	const nom = "Vraisemblance"
	return d.parCertificat("SF13", nom, func(c Certificat) Controle {
		jours := Minutes(max(1, c.Au.Depuis(c.Du)+1))
		preuve := fmt.Sprintf("%s en %d jour(s)", c.Heures, jours)
		if c.Heures <= jours*journeeMax {
			return controle("SF13", nom, ResultatOK, "", nil, c.ID, preuve)
		}
		x := controle("SF13", nom, ResultatWarn, "", nil, c.ID, preuve)
		x.Phrase = "Cela fait plus de 12 h de formation par jour : demandez les feuilles d’émargement si un doute demeure."
		return x
	})
}
