package opco_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"guichet/opco"
)

// tirerAccord draws an échelonné accord of one to four people on one to three
// funds, without any certificat yet.
func tirerAccord(t *rapid.T) *opco.Dossier {
	noms := []string{"Ruiz", "Petit", "Adam", "Lefèvre"}
	var eleves []eleve
	for i := range rapid.IntRange(1, 4).Draw(t, "stagiaires") {
		eleves = append(eleves, eleve{"Ana", noms[i], opco.Minutes(rapid.IntRange(1, 200*60).Draw(t, "prevu")), -1,
			opco.Montant(rapid.IntRange(1, 1_000_000).Draw(t, "peda")), opco.Montant(rapid.SampledFrom([]int{0, 0, 1, 99_999}).Draw(t, "remu"))})
	}
	d := accord(eleves, opco.LigneDecidee{Ligne: opco.LigneRepas, Accorde: opco.Montant(rapid.IntRange(0, 5000).Draw(t, "repas"))})
	d.Demande.Echelonnement, d.Demande.Debut, d.Demande.Fin = true, "2026-01-01", "2026-04-14"
	var poids []int64
	for range rapid.IntRange(1, 3).Draw(t, "fonds") {
		poids = append(poids, rapid.Int64Range(1, 1000).Draw(t, "poids"))
	}
	d.Decision.Fonds = nil
	for i, m := range d.Decision.Accorde.Repartir(poids) {
		d.Decision.Fonds = append(d.Decision.Fonds, opco.PartFonds{Enveloppe: fmt.Sprint("e", i), Code: "VV", Montant: m})
	}
	d.Engagements = d.Decision.Fonds
	return d
}

// certifier adds hours for one stagiaire, in a certificat of its own.
func certifier(d *opco.Dossier, s opco.Stagiaire, h opco.Minutes) {
	c := certificat(s.Prenom, s.Nom, h)
	c.ID, c.Du = fmt.Sprint("c", len(d.Certificats)), "2026-01-01"
	d.Certificats = append(d.Certificats, c)
}

func fondsDe(parts []opco.PartFonds, e string) opco.Montant {
	var m opco.Montant
	for _, p := range parts {
		if p.Enveloppe == e {
			m += p.Montant
		}
	}
	return m
}

// Whatever is certified and invoiced, period after period: Σ paid ≤ Σ accepted ≤
// grant, per fund and per stagiaire, and engaged + accepted + released is the grant.
func TestConstaterConserveLArgent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := tirerAccord(t)
		var liberes []opco.PartFonds
		periodes := rapid.IntRange(1, 4).Draw(t, "periodes")
		for n := range periodes {
			for _, s := range d.Demande.Stagiaires {
				certifier(d, s, opco.Minutes(rapid.IntRange(0, int(s.Heures)).Draw(t, "certifie")))
			}
			for i := range rapid.IntRange(1, 2).Draw(t, "factures") {
				d.Factures = append(d.Factures, tirerFacture(t, d, fmt.Sprint("F", n, "-", i)))
			}
			k, err := opco.Constater(d, n == periodes-1, lesFaits())
			if err != nil {
				for i := range d.Factures {
					if d.Factures[i].Etat.Ouverte() {
						d.Factures[i].Etat = opco.FactureRefusee // nothing was payable on it
					}
				}
				continue
			}
			for _, x := range k.Factures {
				f := d.Factures[indice(d, x.Facture)]
				if x.Approuve < 0 || x.Approuve+x.NonApprouve != f.TotalHT || opco.Somme(x.Parts) != x.Approuve {
					t.Fatalf("%s of %s: approved %s, not approved %s, parts %v", f.Numero, f.TotalHT, x.Approuve, x.NonApprouve, x.Parts)
				}
				if (x.NonApprouve > 0) != (x.Motif != "") {
					t.Fatalf("%s not approved, motif %q", x.NonApprouve, x.Motif)
				}
			}
			accepter(d, k)
			liberes = ajouter(liberes, k.Liberes, 1)
			verifierFonds(t, d, liberes)
			verifierStagiaires(t, d)
			if len(k.Liberes) > 0 {
				return
			}
		}
	})
}

func tirerFacture(t *rapid.T, d *opco.Dossier, numero string) opco.Facture {
	lignes := []opco.LigneFacture{peda(opco.Montant(rapid.IntRange(0, 500_000).Draw(t, "commun")))}
	for _, s := range d.Demande.Stagiaires {
		if rapid.Bool().Draw(t, "nomme") {
			l := pedaDe(s.Prenom+" "+s.Nom, opco.Minutes(rapid.IntRange(0, int(s.Heures)).Draw(t, "h")), opco.Montant(rapid.IntRange(1, 500_000).Draw(t, "m")))
			l.Ligne = rapid.SampledFrom([]opco.Ligne{opco.LignePeda, opco.LignePeda, opco.LigneRemuneration}).Draw(t, "ligne")
			lignes = append(lignes, l)
		}
	}
	lignes = append(lignes, opco.LigneFacture{Ligne: opco.LigneRepas, Montant: opco.Montant(rapid.IntRange(1, 3000).Draw(t, "repas"))})
	return facture(numero, lignes...)
}

func indice(d *opco.Dossier, id string) int {
	for i, f := range d.Factures {
		if f.ID == id {
			return i
		}
	}
	return -1
}

func verifierFonds(t *rapid.T, d *opco.Dossier, liberes []opco.PartFonds) {
	for _, p := range d.Decision.Fonds {
		e, a, l := fondsDe(d.Engagements, p.Enveloppe), fondsDe(d.Acceptes, p.Enveloppe), fondsDe(liberes, p.Enveloppe)
		if e < 0 || a < 0 || l < 0 || e+a+l != p.Montant {
			t.Fatalf("fund %s of %s: engaged %s, accepted %s, released %s", p.Enveloppe, p.Montant, e, a, l)
		}
	}
	var approuve opco.Montant
	for _, f := range d.Factures {
		approuve += f.Approuve
	}
	if approuve != opco.Somme(d.Acceptes) {
		t.Fatalf("invoices approved for %s, accepted %s", approuve, opco.Somme(d.Acceptes))
	}
}

func verifierStagiaires(t *rapid.T, d *opco.Dossier) {
	paye, minutes := map[string]opco.Montant{}, map[string]opco.Minutes{}
	for _, f := range d.Factures {
		for _, l := range f.Constatees {
			if l.Ligne == opco.LignePeda {
				paye[l.Stagiaire] += l.Payable
				minutes[l.Stagiaire] += l.Certifie
			}
		}
	}
	for _, p := range d.Decision.Stagiaires {
		var certifie opco.Minutes
		for _, c := range d.Certificats {
			if c.Nom == d.Demande.Stagiaires[p.Stagiaire[0]-'a'].Nom {
				certifie += c.Heures
			}
		}
		droit := p.Peda.Fraction(int64(min(certifie, p.Heures)), int64(p.Heures))
		if paye[p.Stagiaire] > droit || minutes[p.Stagiaire] > min(certifie, p.Heures) {
			t.Fatalf("%s: %s paid for a right of %s, %s for %s", p.Stagiaire, paye[p.Stagiaire], droit, minutes[p.Stagiaire], certifie)
		}
	}
}

// Certified hours cut in any number of periods pay what they pay in one: not a
// cent more or less in all, and what each fund owes to the cent when all came.
func TestConstaterPeriodesCommeUneSeule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := tirerAccord(t)
		d.Decision.Lignes = d.Decision.Lignes[:1] // péda only
		var peda opco.Montant
		for _, p := range d.Decision.Stagiaires {
			peda += p.Peda
		}
		redimensionner(d, peda)
		entier := rapid.Bool().Draw(t, "entier")
		reste := map[string]opco.Minutes{}
		var attendu opco.Montant
		for i, s := range d.Demande.Stagiaires {
			h := s.Heures
			if !entier {
				h = opco.Minutes(rapid.IntRange(0, int(s.Heures)).Draw(t, "suivi"))
			}
			reste[s.ID] = h
			attendu += d.Decision.Stagiaires[i].Peda.Fraction(int64(h), int64(s.Heures))
		}
		periodes := rapid.IntRange(1, 5).Draw(t, "periodes")
		for n := range periodes {
			for _, s := range d.Demande.Stagiaires {
				h := reste[s.ID]
				if n < periodes-1 {
					h = opco.Minutes(rapid.IntRange(0, int(h)).Draw(t, "coupe"))
				}
				reste[s.ID] -= h
				certifier(d, s, h)
			}
			f := facture(fmt.Sprint("F", n), opco.LigneFacture{Ligne: opco.LignePeda, Montant: peda})
			d.Factures = append(d.Factures, f)
			k, err := opco.Constater(d, false, lesFaits())
			if err != nil {
				d.Factures = d.Factures[:len(d.Factures)-1] // a period in which nobody came
				continue
			}
			accepter(d, k)
		}
		if got := opco.Somme(d.Acceptes); got != attendu {
			t.Fatalf("%d periods pay %s, one pays %s", periodes, got, attendu)
		}
		if entier {
			for _, p := range d.Decision.Fonds {
				if got := fondsDe(d.Acceptes, p.Enveloppe); got != p.Montant {
					t.Fatalf("fund %s paid %s of its %s", p.Enveloppe, got, p.Montant)
				}
			}
		}
	})
}

// redimensionner makes the grant of d be m, on the same funds.
func redimensionner(d *opco.Dossier, m opco.Montant) {
	poids := make([]int64, len(d.Decision.Fonds))
	for i, p := range d.Decision.Fonds {
		poids[i] = int64(p.Montant)
	}
	d.Decision.Accorde = m
	fonds := make([]opco.PartFonds, len(poids))
	for i, x := range m.Repartir(poids) {
		fonds[i] = opco.PartFonds{Enveloppe: d.Decision.Fonds[i].Enveloppe, Code: "VV", Montant: x}
	}
	d.Decision.Fonds, d.Engagements = fonds, fonds
}

// Any sequence of avoirs: together never more than the invoice, what is approved
// only falls, and its parts and lines always sum to it.
func TestAvoirsNeFontPasDArgent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := tirerAccord(t)
		for _, s := range d.Demande.Stagiaires {
			certifier(d, s, opco.Minutes(rapid.IntRange(1, int(s.Heures)).Draw(t, "certifie")))
		}
		f := tirerFacture(t, d, "F9")
		d.Factures = []opco.Facture{f}
		if k, err := opco.Constater(d, false, lesFaits()); err == nil {
			accepter(d, k)
		}
		for n := range 4 {
			avant := d.Factures[0]
			apres, err := opco.AppliquerAvoir(d, leAvoir(fmt.Sprint("AV", n), opco.Montant(rapid.IntRange(1, 800_000).Draw(t, "avoir"))), plusTard())
			if err != nil {
				continue
			}
			var lignes opco.Montant
			for _, l := range apres.Constatees {
				lignes += l.Payable
			}
			if apres.TotalAvoirs() > apres.TotalHT || apres.Approuve > avant.Approuve || apres.Approuve > apres.TotalHT-apres.TotalAvoirs() ||
				opco.Somme(apres.Parts) != apres.Approuve || lignes != apres.Approuve {
				t.Fatalf("avoirs %s of %s, approved %s (was %s), parts %v, lines %s", apres.TotalAvoirs(), apres.TotalHT,
					apres.Approuve, avant.Approuve, apres.Parts, lignes)
			}
			for _, p := range apres.Parts {
				if p.Montant < 0 || p.Montant > fondsDe(avant.Parts, p.Enveloppe) {
					t.Fatalf("fund %s gives %s, it gave %s", p.Enveloppe, p.Montant, fondsDe(avant.Parts, p.Enveloppe))
				}
			}
			d.Acceptes = ajouter(ajouter(d.Acceptes, avant.Parts, -1), apres.Parts, 1)
			d.Engagements = ajouter(ajouter(d.Engagements, avant.Parts, 1), apres.Parts, -1)
			d.Factures[0] = apres
		}
	})
}
