package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// MotDePasseDemo is the password of every demo account. It is public: demo data
// is never loaded where real people work.
const MotDePasseDemo = "Guichet-Demo-2026"

// FicheEntreprise is what the OPCO keeps of a company, with its sites. MasseAnnee
// is the year of MasseSalariale, 0 when nobody dated it; Responsable its responsable
// légal.
type FicheEntreprise struct {
	opco.Entreprise
	Email          string
	CodeAdherent   string
	MasseSalariale opco.Montant
	MasseAnnee     int
	Responsable    string
	Sites          []opco.SIRET
}

// FicheOrganisme is what the OPCO keeps of a training provider, with its sites. Code
// is the short name that the OPCO gives it.
type FicheOrganisme struct {
	opco.Organisme
	Email string
	Code  string
	Sites []opco.SIRET
}

// EcrireEntreprise creates a company or replaces what is known of it.
func (s *Store) EcrireEntreprise(ctx context.Context, f FicheEntreprise) error {
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO entreprise (siren, nom, idcc, effectif, code_adherent, masse_salariale, masse_annee, responsable, adherente, a_jour,
			    alsace_moselle, iban, email)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
			ON CONFLICT (siren) DO UPDATE SET nom = EXCLUDED.nom, idcc = EXCLUDED.idcc, effectif = EXCLUDED.effectif,
			    code_adherent = EXCLUDED.code_adherent, masse_salariale = EXCLUDED.masse_salariale, masse_annee = EXCLUDED.masse_annee,
			    responsable = EXCLUDED.responsable, adherente = EXCLUDED.adherente, a_jour = EXCLUDED.a_jour,
			    alsace_moselle = EXCLUDED.alsace_moselle, iban = `+ibanGarde(`entreprise`)+`, email = EXCLUDED.email`,
			f.SIREN, f.Nom, f.IDCC, f.Effectif, f.CodeAdherent, f.MasseSalariale, f.MasseAnnee, f.Responsable, f.Adherente,
			f.AJour, f.AlsaceMoselle, f.IBAN, f.Email)
		if err != nil {
			return fmt.Errorf("writing company %s: %w", f.SIREN, err)
		}
		return ecrireSites(ctx, tx, f.SIREN, f.Nom, f.Sites)
	})
}

// EcrireOrganisme creates a training provider or replaces what is known of it,
// its Qualiopi certificates included.
func (s *Store) EcrireOrganisme(ctx context.Context, f FicheOrganisme) error {
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO organisme (siren, nom, nda, nda_active, tva, suspendu, subrogation_autorisee, iban, email, code)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			ON CONFLICT (siren) DO UPDATE SET nom = EXCLUDED.nom, nda = EXCLUDED.nda, nda_active = EXCLUDED.nda_active,
			    tva = EXCLUDED.tva, suspendu = EXCLUDED.suspendu, subrogation_autorisee = EXCLUDED.subrogation_autorisee,
			    iban = `+ibanGarde(`organisme`)+`, email = EXCLUDED.email, code = EXCLUDED.code`,
			f.SIREN, f.Nom, f.NDA, f.NDAActive, f.TVA, f.Suspendu, f.SubrogationAutorisee, f.IBAN, f.Email, f.Code)
		if err != nil {
			return fmt.Errorf("writing organisme %s: %w", f.SIREN, err)
		}
		if err := remplacerQualiopi(ctx, tx, f.SIREN, f.Qualiopi); err != nil {
			return err
		}
		return ecrireSites(ctx, tx, f.SIREN, f.Nom, f.Sites)
	})
}

func ecrireSites(ctx context.Context, tx *sqlx.Tx, siren opco.SIREN, nom string, sites []opco.SIRET) error {
	for _, x := range sites {
		if x.SIREN() != siren {
			return opco.Champf("sirets", "Le SIRET %s n’est pas un établissement de %s.", x.Affiche(), siren.Affiche())
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO etablissement (siret, siren, nom) VALUES ($1, $2, $3)
			ON CONFLICT (siret) DO UPDATE SET nom = EXCLUDED.nom`, x, siren, nom)
		if err != nil {
			return fmt.Errorf("writing site %s: %w", x, err)
		}
	}
	return nil
}

// EcrireParametres dates a change of the figures of the rules: valeur is a JSON
// object of the fields of opco.Parametres that change.
func (s *Store) EcrireParametres(ctx context.Context, du, au opco.Date, valeur []byte, par string) error {
	_, err := s.DB.ExecContext(ctx, `
		INSERT INTO parametre (code, du, au, valeur, source, approuve_par) VALUES ('REGLES', $1, $2, $3, 'saisie', $4)
		ON CONFLICT (code, du) DO UPDATE SET au = EXCLUDED.au, valeur = parametre.valeur || EXCLUDED.valeur, approuve_par = EXCLUDED.approuve_par`,
		du, au, valeur, par)
	if contrainte(err) == "parametre_periode" {
		return opco.Champf("au", "La fin de la période ne peut pas précéder son début.")
	}
	if err != nil {
		return fmt.Errorf("writing paramètres: %w", err)
	}
	return nil
}

// EcrireBareme creates a line of a barème or replaces it.
func (s *Store) EcrireBareme(ctx context.Context, b opco.Bareme) error {
	regle, err := json.Marshal(b)
	if err != nil {
		return err
	}
	_, err = s.DB.ExecContext(ctx, `
		INSERT INTO bareme (code, idcc, effectif_min, effectif_max, du, au, regle) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (code, idcc, effectif_min, du) DO UPDATE SET effectif_max = EXCLUDED.effectif_max, au = EXCLUDED.au, regle = EXCLUDED.regle`,
		b.Code, b.IDCC, b.EffectifMin, b.EffectifMax, b.Du, b.Au, regle)
	if err != nil {
		return fmt.Errorf("writing barème %s %s: %w", b.Code, b.IDCC, err)
	}
	return nil
}

// ChargerDemo loads the fictitious organisations of domain.md 6.2, BAR-TEST-2026,
// the default paramètres, the VV envelope of E4 and one account per role and per
// organisation, all with MotDePasseDemo. Loading again changes nothing.
func (s *Store) ChargerDemo(ctx context.Context) error {
	_, err := s.DB.ExecContext(ctx, `
		INSERT INTO opco (nom, siret, iban, bic)
		VALUES ('OPCO Démo', '99900171200010', 'FR7699999000200010020041048', 'GUICFRPPXXX') ON CONFLICT DO NOTHING`)
	if err != nil {
		return fmt.Errorf("writing the OPCO: %w", err)
	}
	regles, err := json.Marshal(opco.ParametresDefaut())
	if err != nil {
		return err
	}
	if err := s.EcrireParametres(ctx, "2026-01-01", "", regles, "demo"); err != nil {
		return err
	}
	for _, b := range opco.BaremeTest2026() {
		if err := s.EcrireBareme(ctx, b); err != nil {
			return err
		}
	}
	if err := s.chargerOrganisations(ctx); err != nil {
		return err
	}
	if err := s.chargerAnnonces(ctx); err != nil {
		return err
	}
	err = s.OuvrirEnveloppe(ctx, Enveloppe{SIREN: "999001225", Annee: 2026, Fonds: opco.FondsVV, Ordre: 3, Libelle: "Versement volontaire de Banque Littorale"}, 12_000_00)
	if err != nil {
		return err
	}
	return s.chargerComptes(ctx)
}

func (s *Store) chargerOrganisations(ctx context.Context) error {
	for _, f := range entreprisesDemo {
		if err := s.EcrireEntreprise(ctx, f); err != nil {
			return err
		}
	}
	for _, f := range organismesDemo {
		if err := s.EcrireOrganisme(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

// entreprisesDemo are the five companies of domain.md 6.2.
var entreprisesDemo = []FicheEntreprise{
	entrepriseDemo("E1", "Jean Sorbier", "Atelier Numérique Sorbier", "1486", 7, "A100001", 312_480_00, "FR7699999000100010020030043", "99900101900010", "99900101900028"),
	entrepriseDemo("E2", "Hélène Roussillon-Beaupré", "École Les Tilleuls", "2691", 9, "A100002", 198_200_00, "FR7699999000110010020031192", "99900108400014", "99900108400022"),
	entrepriseDemo("E3", "Bertrand Garonne", "Conseil & Méthodes Garonne", "1486", 30, "A100003", 1_204_000_00, "FR7699999000120010020032244", "99900115900014", "99900115900022"),
	entrepriseDemo("E4", "Solange Le Bihan", "Banque Littorale", "2120", 60, "A100004", 3_310_500_00, "FR7699999000130010020033393", "99900122500013", "99900122500021"),
	entrepriseDemo("E5", "Xavier d’Estienne d’Orves", "Propreté Azur", "3043", 24, "A100005", 702_300_00, "FR7699999000140010020034445", "99900129000017", "99900129000025"),
}

func entrepriseDemo(cle, responsable, nom, idcc string, effectif int, code string, masse opco.Montant, iban opco.IBAN, sites ...opco.SIRET) FicheEntreprise {
	return FicheEntreprise{Entreprise: opco.Entreprise{SIREN: sites[0].SIREN(), Nom: nom, IDCC: idcc, Effectif: effectif, Adherente: true,
		AJour: true, IBAN: iban}, Email: strings.ToLower(cle) + "@exemple.test", CodeAdherent: code, MasseSalariale: masse,
		MasseAnnee: 2025, Responsable: responsable, Sites: sites}
}

// organismesDemo are the five training providers of domain.md 6.2.
var organismesDemo = []FicheOrganisme{
	organismeDemo("OF1", "Formalia Synthèse", "11756099975", false, "FR7699999000150010020035594", []opco.Nature{opco.NatureFormation, opco.NatureVAE}, "99900136500017", "99900136500025"),
	organismeDemo("OF2", "Compétences Plus Démo", "84691234569", false, "FR7699999000160010020036646", []opco.Nature{opco.NatureFormation}, "99900143100017", "99900143100025"),
	organismeDemo("OF3", "Pédagogie Nouvelle", "93131234513", true, "FR7699999000170010020037795", []opco.Nature{opco.NatureFormation}, "99900150600016", "99900150600024"),
	organismeDemo("CFA1", "CFA Démo Industrie & Services", "76311234531", false, "FR7699999000180010020038847", nil, "99900157100010", "99900157100028"),
	organismeDemo("OF4", "Sans Label SARL", "75331234533", false, "FR7699999000190010020039996", nil, "99900164700018", "99900164700026"),
}

func organismeDemo(cle, nom string, nda opco.NDA, tva bool, iban opco.IBAN, natures []opco.Nature, sites ...opco.SIRET) FicheOrganisme {
	f := FicheOrganisme{Organisme: opco.Organisme{SIREN: sites[0].SIREN(), Nom: nom, NDA: nda, NDAActive: true, TVA: tva,
		SubrogationAutorisee: true, IBAN: iban}, Email: strings.ToLower(cle) + "@exemple.test", Code: cle, Sites: sites}
	for _, n := range natures {
		f.Qualiopi = append(f.Qualiopi, opco.Qualiopi{Nature: n, Du: "2024-01-01", Au: "2029-12-31"})
	}
	return f
}
