package store

import (
	"context"
	"encoding/json"
	"fmt"

	"guichet/opco"
)

// unitesDemo are the units of the demonstration: one for everybody, one for the
// branch of training, one in the portfolio of a bank.
var unitesDemo = []opco.Unite{
	uniteDemo("5b0f0c1e-6f0a-4c8e-9a53-000000000001", opco.Unite{Nom: "Équipe Nord et Ouest", Adresse: "2 quai du Vieux-Lavoir, 44000 Nantes"},
		"Inès Benkirane", "Claire Morin", "Jean-Loup Etcheverry", "Awa Diabaté"),
	uniteDemo("5b0f0c1e-6f0a-4c8e-9a53-000000000002", opco.Unite{Nom: "Équipe Sud", Adresse: "14 rue des Amidonniers, 31000 Toulouse", IDCC: "2691"},
		"Inès Benkirane", "Camille Vasseur", "Jean-Loup Etcheverry", "Noémie Ñáñez"),
	uniteDemo("5b0f0c1e-6f0a-4c8e-9a53-000000000003", opco.Unite{Nom: "Grands comptes", Adresse: "8 place du Marché-Couvert, 75000 Paris", SIREN: "999001225"},
		"Solveig Ødegård", "Hugo Bastide", "Jean-Loup Etcheverry", "Awa Diabaté"),
}

func uniteDemo(id string, u opco.Unite, noms ...string) opco.Unite {
	u.ID = id
	for i, f := range opco.FonctionsInterlocuteur() {
		u.Interlocuteurs = append(u.Interlocuteurs, opco.Interlocuteur{Fonction: f, Nom: noms[i], Email: opco.Email(adresseDemo(noms[i])), Telephone: fmt.Sprintf("01 99 00 02 1%d", i)})
	}
	return u
}

// adresseDemo is the address of somebody of the demonstration.
func adresseDemo(nom string) string {
	local := ""
	for _, r := range opco.CleNom(nom) {
		if r == ' ' || r == '+' {
			r = '.'
		}
		local += string(r)
	}
	return local + "@opco-demo.test"
}

// informationsDemo are told on the home pages of the demonstration (AK-14).
var informationsDemo = []opco.Information{
	{ID: "7c1f0c1e-6f0a-4c8e-9a53-000000000001", Titre: "Qualiopi est obligatoire", Ton: "bleu", Public: "tous", Du: "2022-01-01",
		Texte: "Depuis le 1er janvier 2022, nous ne finançons que les organismes certifiés : formation, bilan de compétences, VAE et apprentissage. La certification se vérifie le jour du dépôt et pendant la formation."},
	{ID: "7c1f0c1e-6f0a-4c8e-9a53-000000000002", Titre: "Envoyez vos demandes la veille du début au plus tard", Ton: "ambre", Public: "entreprise", Du: "2026-01-01",
		Texte: "Une demande qui arrive le jour du début, ou après, ne peut pas être financée. Trente jours d’avance nous laissent le temps de vous répondre avant la formation."},
	{ID: "7c1f0c1e-6f0a-4c8e-9a53-000000000003", Titre: "Vos factures sont payées en 30 jours", Ton: "bleu", Public: "organisme", Du: "2026-01-01",
		Texte: "Le délai court du jour où la facture et le certificat de réalisation sont conformes."},
}

// sitesDemo are the addresses and telephones of the sites of the demonstration.
var sitesDemo = []struct{ siret, adresse, codePostal, ville, telephone string }{
	{"99900101900010", "6 impasse du Sorbier", "44000", "Nantes", "02 99 00 10 10"}, {"99900101900028", "21 rue des Corderies", "64000", "Pau", "05 99 00 10 28"},
	{"99900108400014", "3 allée des Soupirs", "31000", "Toulouse", "05 99 00 10 84"}, {"99900108400022", "11 chemin des Vignes-Hautes", "31700", "Blagnac", "05 99 00 10 85"},
	{"99900115900014", "40 boulevard de la Garonne", "33000", "Bordeaux", "05 99 00 11 59"}, {"99900115900022", "5 rue du Port-Vieux", "47000", "Agen", "05 99 00 11 60"},
	{"99900122500013", "1 cours des Armateurs", "29200", "Brest", "02 99 00 12 25"}, {"99900122500021", "17 rue du Phare", "35400", "Saint-Malo", "02 99 00 12 26"},
	{"99900129000017", "9 avenue de l’Estérel", "06400", "Cannes", "04 99 00 12 90"}, {"99900129000025", "2 rue Lympia", "06300", "Nice", "04 99 00 12 91"},
}

// chargerAnnonces loads the units, what they tell and where the sites are. Loading
// again changes nothing, and undoes nothing that was changed since.
func (s *Store) chargerAnnonces(ctx context.Context) error {
	for _, u := range unitesDemo {
		brut, err := json.Marshal(u.Interlocuteurs)
		if err != nil {
			return err
		}
		_, err = s.DB.ExecContext(ctx, `
			INSERT INTO unite (id, nom, adresse, siren, idcc, departement, interlocuteurs, modifie_par, modifie_nom, modifie_le)
			VALUES ($1, $2, $3, $4, $5, $6, $7, '', 'Guichet', now()) ON CONFLICT DO NOTHING`, u.ID, u.Nom, u.Adresse, u.SIREN, u.IDCC, u.Departement, brut)
		if err != nil {
			return fmt.Errorf("writing unit %s: %w", u.Nom, err)
		}
	}
	for _, i := range informationsDemo {
		_, err := s.DB.ExecContext(ctx, `
			INSERT INTO information (id, titre, texte, ton, public, du, au, modifie_par, modifie_nom, modifie_le)
			VALUES ($1, $2, $3, $4, $5, $6, $7, '', 'Guichet', now()) ON CONFLICT DO NOTHING`, i.ID, i.Titre, i.Texte, i.Ton, i.Public, i.Du, i.Au)
		if err != nil {
			return fmt.Errorf("writing information %s: %w", i.Titre, err)
		}
	}
	for _, e := range sitesDemo {
		_, err := s.DB.ExecContext(ctx, `
			UPDATE etablissement SET adresse = $2, code_postal = $3, ville = $4, telephone = $5 WHERE siret = $1 AND adresse = ''`,
			e.siret, e.adresse, e.codePostal, e.ville, e.telephone)
		if err != nil {
			return fmt.Errorf("writing site %s: %w", e.siret, err)
		}
	}
	return nil
}
