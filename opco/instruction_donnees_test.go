package opco_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"guichet/opco"
)

// casInstruction is one demande of domain.md 6.3, before its décision, with the
// facts of its day.
type casInstruction struct {
	d *opco.Dossier
	f opco.Faits
}

var entreprises62 = map[string]opco.Entreprise{
	"E1": {SIREN: "999001019", Nom: "Atelier Numérique Sorbier", IDCC: "1486", Effectif: 7},
	"E2": {SIREN: "999001084", Nom: "École Les Tilleuls", IDCC: "2691", Effectif: 9},
	"E3": {SIREN: "999001159", Nom: "Conseil & Méthodes Garonne", IDCC: "1486", Effectif: 30},
	"E4": {SIREN: "999001225", Nom: "Banque Littorale", IDCC: "2120", Effectif: 60},
	"E5": {SIREN: "999001290", Nom: "Propreté Azur", IDCC: "3043", Effectif: 24},
}

var sirets62 = map[string]opco.SIRET{
	"E1": "99900101900010", "E2": "99900108400014", "E3": "99900115900014", "E4": "99900122500013", "E5": "99900129000017",
	"OF1": "99900136500017", "OF2": "99900143100017", "OF3": "99900150600016", "OF4": "99900164700018",
}

var organismes62 = map[string]opco.Organisme{
	"OF1": {Nom: "Formalia Synthèse", NDA: "11756099975"},
	"OF2": {Nom: "Compétences Plus Démo", NDA: "84691234569"},
	"OF3": {Nom: "Pédagogie Nouvelle", NDA: "93131234513", TVA: true},
	"OF4": {Nom: "Sans Label SARL", NDA: "75331234533"},
}

// lundiVendredi is a calendar without holidays.
type lundiVendredi struct{}

func (lundiVendredi) Ouvre(d opco.Date) bool {
	j := d.Heure(12, 0).In(opco.Paris).Weekday()
	return j != time.Saturday && j != time.Sunday
}

// instruire62 returns a complete dossier of company e with organisme o, for n
// stagiaires of h hours at prix the hour, from debut to fin, and one fund.
func instruire62(e, o string, n, h int, prix opco.Montant, depot time.Time, debut, fin opco.Date, fonds ...opco.Fonds) casInstruction {
	ent, org := entreprises62[e], organismes62[o]
	ent.Adherente, ent.AJour = true, true
	org.SIREN, org.NDAActive, org.SubrogationAutorisee = sirets62[o].SIREN(), true, true
	if o != "OF4" {
		org.Qualiopi = []opco.Qualiopi{{Nature: opco.NatureFormation, Du: "2024-01-01", Au: "2026-12-31"}}
	}
	heures := opco.Minutes(h * 60)
	d := opco.Demande{
		Etablissement: sirets62[e], Subrogation: true, Intitule: "Animer une réunion", Nature: opco.NatureFormation,
		Organisme: opco.OrganismeDemande{SIRET: sirets62[o], Nom: org.Nom, NDA: org.NDA},
		Duree:     heures, Debut: debut, Fin: fin,
	}
	for i := range n {
		d.Stagiaires = append(d.Stagiaires, opco.Stagiaire{ID: fmt.Sprintf("s%d", i+1), Nom: fmt.Sprintf("Nom%c", 'A'+i),
			Prenom: "Zoé", Heures: heures, Peda: prix * opco.Montant(h)})
	}
	d.Lignes = []opco.LigneDemandee{{Ligne: opco.LignePeda, Montant: prix * opco.Montant(h*n)}}
	b, _ := opco.ChoisirBareme(opco.BaremeTest2026(), ent.IDCC, ent.Effectif, debut)
	return casInstruction{
		d: &opco.Dossier{Etat: opco.EtatEnInstruction, DeposeLe: depot, Demande: d, IDCC: ent.IDCC, Effectif: ent.Effectif,
			Pieces: []opco.Piece{{ID: "p1", Type: opco.PieceProgramme, Etat: opco.PieceConforme, Titre: "Programme"},
				{ID: "p2", Type: opco.PieceConvention, Etat: opco.PieceConforme, Titre: "Convention"}}},
		f: opco.Faits{Le: depot.Add(24 * time.Hour), Parametres: opco.ParametresDefaut(), Calendrier: lundiVendredi{},
			Entreprise: ent, Organisme: &org, Bareme: b, Fonds: fonds},
	}
}

// mutualise is the only fund of most scenarios.
func mutualise(disponible opco.Montant) opco.Fonds {
	return opco.Fonds{Enveloppe: "env-mut", Code: opco.FondsMutualise, Disponible: disponible}
}

func cas01() casInstruction {
	c := instruire62("E1", "OF1", 2, 14, 0, opco.Date("2026-03-02").Heure(10, 0), "2026-04-13", "2026-04-14", mutualise(600000))
	return avecPrix(c, 600_00)
}

// avecPrix gives each stagiaire a price of his own, for prices that are not a
// whole number of cents an hour.
func avecPrix(c casInstruction, prix opco.Montant) casInstruction {
	for i := range c.d.Demande.Stagiaires {
		c.d.Demande.Stagiaires[i].Peda = prix
	}
	c.d.Demande.Lignes[0].Montant = prix * opco.Montant(len(c.d.Demande.Stagiaires))
	return c
}

func cas02() casInstruction {
	c := instruire62("E2", "OF3", 1, 21, 0, opco.Date("2026-03-02").Heure(10, 0), "2026-05-18", "2026-05-20", mutualise(3_000_00))
	d := &c.d.Demande
	d.Subrogation = false
	s := &d.Stagiaires[0]
	s.Peda, s.SalaireHoraire, s.Repas, s.Nuits, s.Transport = 2_020_00, 26_53, 3, 2, 88_40
	d.Lignes = []opco.LigneDemandee{{Ligne: opco.LignePeda, Montant: 2_020_00}, {Ligne: opco.LigneRemuneration, Montant: 557_13},
		{Ligne: opco.LigneHebergement, Montant: 190_00}, {Ligne: opco.LigneRepas, Montant: 54_00}, {Ligne: opco.LigneTransport, Montant: 88_40}}
	return c
}

func cas04() casInstruction {
	return instruire62("E3", "OF1", 3, 21, 60_00, opco.Date("2026-08-03").Heure(10, 0), "2026-09-14", "2026-09-16", mutualise(8_000_00))
}

// cas05 is the request B of S05, with what is left of the envelope.
func cas05(reste opco.Montant) casInstruction {
	return instruire62("E1", "OF1", 4, 25, 50_00, opco.Date("2026-03-20").Heure(10, 0), "2026-06-01", "2026-06-05", mutualise(reste))
}

func cas07() casInstruction {
	return instruire62("E1", "OF4", 2, 7, 40_00, opco.Date("2026-03-02").Heure(10, 0), "2026-06-08", "2026-06-08", mutualise(6_000_00))
}

func cas08() casInstruction {
	return instruire62("E4", "OF2", 1, 150, 60_00, opco.Date("2026-03-02").Heure(10, 0), "2026-06-01", "2026-11-30",
		opco.Fonds{Enveloppe: "env-vv", Code: opco.FondsVV, Disponible: 12_000_00})
}

func cas09() casInstruction {
	return instruire62("E5", "OF2", 2, 35, 40_00, opco.Date("2026-03-02").Heure(10, 0), "2026-06-01", "2026-06-05", mutualise(10_000_00))
}

func cas24() casInstruction {
	return instruire62("E5", "OF2", 1, 80, 50_00, opco.Date("2026-03-02").Heure(10, 0), "2026-06-01", "2026-06-30", mutualise(2_500_00),
		opco.Fonds{Enveloppe: "env-vv", Code: opco.FondsVV, Disponible: 1_000_00},
		opco.Fonds{Enveloppe: "env-region", Code: opco.FondsRegion, Disponible: 500_00})
}

// decide runs Decider on c for an accord and fails on an error.
func (c casInstruction) decide(t *testing.T, charge opco.ChargeDecider) opco.Decision {
	t.Helper()
	d, err := opco.Decider(c.d, charge, c.f)
	if err != nil {
		t.Fatalf("Decider: %v", err)
	}
	return d
}

func (c casInstruction) controle(t *testing.T, code string) opco.Controle {
	t.Helper()
	cs := opco.Instruire(c.d, c.f)
	i := slices.IndexFunc(cs, func(x opco.Controle) bool { return x.Code == code })
	if i < 0 {
		t.Fatalf("no check %s", code)
	}
	return cs[i]
}

// sommesExactes checks what every décision holds: lines, funds and reste à
// charge sum to the cent.
func sommesExactes(d opco.Decision) error {
	var demande, accorde, peda, remuneration opco.Montant
	for _, l := range d.Lignes {
		demande += l.Demande
		accorde += l.Accorde
		if l.Accorde < 0 || l.Accorde > l.Demande || l.Eligible < 0 || l.Eligible > l.Demande {
			return fmt.Errorf("line %s: asked %s, eligible %s, granted %s", l.Ligne, l.Demande, l.Eligible, l.Accorde)
		}
		if (l.Accorde < l.Demande) != (l.Motif != "") {
			return fmt.Errorf("line %s: asked %s, granted %s, motif %q", l.Ligne, l.Demande, l.Accorde, l.Motif)
		}
	}
	for _, p := range d.Stagiaires {
		peda += p.Peda
		remuneration += p.Remuneration
	}
	switch {
	case demande != d.Demande, accorde != d.Accorde, opco.Somme(d.Fonds) != d.Accorde, d.ResteACharge != d.Demande-d.Accorde:
		return fmt.Errorf("lines %s/%s, decision %s/%s, funds %s, reste %s", accorde, demande, d.Accorde, d.Demande, opco.Somme(d.Fonds), d.ResteACharge)
	case d.Sens != opco.SensRefus && (peda != accordee(d, opco.LignePeda) || remuneration != accordee(d, opco.LigneRemuneration)):
		return fmt.Errorf("shares %s and %s, lines %s and %s", peda, remuneration, accordee(d, opco.LignePeda), accordee(d, opco.LigneRemuneration))
	}
	return nil
}

func accordee(d opco.Decision, l opco.Ligne) opco.Montant {
	for _, x := range d.Lignes {
		if x.Ligne == l {
			return x.Accorde
		}
	}
	return 0
}
