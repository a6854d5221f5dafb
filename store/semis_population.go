package store

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// branchesSemis are the five branches of the volume set.
var branchesSemis = []string{"1486", "2691", "3043", "2120", "1516"}

// baremesSemis finances every size of the five branches from 2024. From 2026
// BAR-TEST-2026 wins where it says something. All its figures are invented.
func baremesSemis() []opco.Bareme {
	var bs []opco.Bareme
	libre := opco.Plafond{Libre: true}
	for _, idcc := range branchesSemis {
		ligne := func(min, max int, annuel, peda opco.Montant) opco.Bareme {
			return opco.Bareme{Code: "BAR-VOLUME", IDCC: idcc, EffectifMin: min, EffectifMax: max, Du: "2024-01-01", Mutualise: true,
				Annuel: opco.Plafond{Montant: annuel}, Peda: opco.Plafond{Montant: peda}, Repas: opco.Plafond{Montant: 17_00}}
		}
		grand := opco.Bareme{Code: "BAR-VOLUME", IDCC: idcc, EffectifMin: 50, Du: "2024-01-01", Annuel: libre, Peda: libre,
			Remuneration: libre, Repas: libre, Hebergement: libre, Transport: libre}
		bs = append(bs, ligne(0, 10, 6_000_00, 50_00), ligne(11, 49, 12_000_00, 45_00), grand)
	}
	return bs
}

// entrepriseSemee is a company of the set, with the people it trains and its
// dossiers.
type entrepriseSemee struct {
	FicheEntreprise
	acteur     opco.Acteur
	salaries   []opco.Stagiaire
	dossiers   []*dossierSeme
	enveloppes []*enveloppeSemee
	ville      [2]string
}

type organismeSeme struct {
	FicheOrganisme
	acteur   opco.Acteur
	factures int
	ville    [2]string
}

// poids says how much more a larger company asks.
func (e *entrepriseSemee) poids() int {
	switch {
	case e.Effectif >= 50:
		return 8
	case e.Effectif >= 11:
		return 3
	}
	return 1
}

// peupler draws the companies (80 % under 11 employees, 15 % under 50), their
// people and the organismes: a few without Qualiopi, suspended or new.
func (x *semeur) peupler() {
	for i := range max(12, x.o.Dossiers*300/4000) {
		x.entreprises = append(x.entreprises, x.entreprise(i))
	}
	for i := range max(10, x.o.Dossiers*60/4000) {
		x.organismes = append(x.organismes, x.organisme(i))
	}
}

func (x *semeur) entreprise(i int) *entrepriseSemee {
	effectif := x.entre(3, 10)
	switch {
	case i%20 == 19:
		effectif = x.entre(50, 240)
	case i%20 >= 16:
		effectif = x.entre(11, 49)
	}
	nom := parmi(x, enseignes) + " " + parmi(x, nomsSemis)
	site := x.siret()
	e := &entrepriseSemee{ville: parmi(x, villesSemis), FicheEntreprise: FicheEntreprise{
		Entreprise: opco.Entreprise{SIREN: site.SIREN(), Nom: nom, IDCC: branchesSemis[x.alea.IntN(len(branchesSemis))], Effectif: effectif,
			Adherente: true, AJour: !x.sur(30), IBAN: x.iban()},
		Email: fmt.Sprintf("entreprise-%s@volume.test", site.SIREN()), CodeAdherent: "V" + string(site.SIREN())[3:],
		MasseSalariale: opco.Montant(effectif * x.entre(28_000_00, 52_000_00)), Sites: []opco.SIRET{site}}}
	e.acteur = x.personne(opco.RoleEntreprise, site)
	vus := map[string]bool{}
	for len(e.salaries) < min(effectif, 40) {
		s := opco.Stagiaire{Prenom: parmi(x, prenomsSemis), Nom: parmi(x, nomsSemis)}
		if cle := opco.CleNom(s.Prenom + " " + s.Nom); !vus[cle] {
			vus[cle] = true
			s.NeLe = opco.Date(fmt.Sprintf("%d-%02d-%02d", x.entre(1962, 2004), x.entre(1, 12), x.entre(1, 28)))
			e.salaries = append(e.salaries, s)
		}
	}
	if effectif >= 50 {
		for annee := opco.JourDe(x.debut).Annee(); annee <= opco.JourDe(x.maintenant).Annee()+1; annee++ {
			x.ouvrirEnveloppe(e, Enveloppe{SIREN: string(e.SIREN), Annee: annee, Fonds: opco.FondsVV, Ordre: 3,
				Libelle: fmt.Sprintf("Versement volontaire %d", annee)}, opco.Montant(x.entre(40, 120))*1_000_00, x.debut)
		}
	}
	return e
}

func (x *semeur) organisme(i int) *organismeSeme {
	site := x.siret()
	o := &organismeSeme{ville: parmi(x, villesSemis), FicheOrganisme: FicheOrganisme{
		Organisme: opco.Organisme{SIREN: site.SIREN(), Nom: parmi(x, maisons) + " " + parmi(x, nomsSemis),
			NDA: opco.NDA(fmt.Sprintf("%02d%02d%07d", x.entre(11, 93), x.entre(1, 95), x.entre(1, 9_999_999))), NDAActive: true, TVA: i%5 == 4,
			SubrogationAutorisee: true, IBAN: x.iban(), Suspendu: i == 4 || i == 5},
		Email: fmt.Sprintf("organisme-%s@volume.test", site.SIREN()), Sites: []opco.SIRET{site}}}
	du := opco.Date("2023-01-01")
	if i >= 6 && i < 12 && i%2 == 0 {
		du = opco.JourDe(x.maintenant).Mois(-12) // new: certified a year ago
	}
	if i >= 4 {
		o.Qualiopi = []opco.Qualiopi{{Nature: opco.NatureFormation, Du: du, Au: "2031-12-31"}}
	}
	o.acteur = x.personne(opco.RoleOrganisme, site)
	return o
}

// personne makes someone who acts for an organisation.
func (x *semeur) personne(r opco.Role, site opco.SIRET) opco.Acteur {
	return opco.Acteur{Personne: "personne-" + string(site.SIREN()), Nom: parmi(x, prenomsSemis) + " " + parmi(x, nomsSemis), Role: r, SIRET: string(site)}
}

// siret draws a SIRET whose two keys are right and that no organisation has. It
// starts with 998: no such company is registered.
func (x *semeur) siret() opco.SIRET {
	for {
		siren := avecLuhn(fmt.Sprintf("998%05d", x.alea.IntN(100_000)))
		if x.sirens[siren] {
			continue
		}
		x.sirens[siren] = true
		return opco.SIRET(avecLuhn(siren + "0001"))
	}
}

// avecLuhn adds to n the digit that makes it divisible by ten in Luhn's sum.
func avecLuhn(n string) string {
	somme := 0
	for i := range len(n) {
		c := int(n[len(n)-1-i] - '0')
		if i%2 == 0 {
			c *= 2
		}
		somme += c/10 + c%10
	}
	return n + string(rune('0'+(10-somme%10)%10))
}

// iban draws an account of the bank 99999, which does not exist, with its RIB
// key and its IBAN key.
func (x *semeur) iban() opco.IBAN {
	guichet, compte := x.alea.IntN(100_000), x.alea.Int64N(100_000_000_000)
	cle := 97 - (89*99_999+15*int64(guichet)+3*compte)%97
	bban := fmt.Sprintf("99999%05d%011d%02d", guichet, compte, cle)
	reste := 0
	for _, c := range bban + "152700" { // FR00
		reste = (reste*10 + int(c-'0')) % 97
	}
	return opco.IBAN(fmt.Sprintf("FR%02d%s", 98-reste, bban))
}

// garderDocuments stores the small PDF of each kind of pièce: one file, which
// every dossier names.
func (x *semeur) garderDocuments(ctx context.Context, tx *sqlx.Tx) error {
	for _, t := range []opco.TypePiece{opco.PieceProgramme, opco.PieceConvention, opco.PieceCertificat} {
		octets, err := x.o.Document(strings.ToUpper(t.Libelle()[:1]) + t.Libelle()[1:])
		if err != nil {
			return fmt.Errorf("drawing a document: %w", err)
		}
		d, err := x.o.Fichiers.Recevoir(bytes.NewReader(octets))
		if err != nil {
			return err
		}
		if err := d.Garder(); err != nil {
			return err
		}
		x.documents[t] = fichierSeme{d.Empreinte, d.Taille}
		_, err = tx.ExecContext(ctx, `INSERT INTO fichier (empreinte, taille, type, examen) VALUES ($1, $2, 'application/pdf', 'SAIN') ON CONFLICT DO NOTHING`,
			d.Empreinte, d.Taille)
		if err != nil {
			return fmt.Errorf("writing file %s: %w", d.Empreinte, err)
		}
	}
	return nil
}

// ouvrirEnveloppe opens an envelope with its money, as the ledger does.
func (x *semeur) ouvrirEnveloppe(e *entrepriseSemee, v Enveloppe, dotation opco.Montant, le time.Time) {
	env := &enveloppeSemee{Enveloppe: v}
	x.enveloppes[v.ID()] = env
	e.enveloppes = append(e.enveloppes, env)
	x.copies.enveloppe.ajouter(v.ID(), v.SIREN, v.Annee, v.Fonds, v.Ordre, v.Libelle)
	x.mouvoir("dotation/"+v.ID(), "enveloppe/"+v.ID(), nil, 1, le, opco.Mouvement{Type: opco.MouvementDotation, Enveloppe: v.ID(), Montant: dotation})
}
