package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// demandeDemo is somebody who signed up and waits for an advisor.
type demandeDemo struct {
	identite opco.Identite
	bloc     opco.BlocDemande
}

// demandesDemo are what the advisor of the demonstration finds in the morning: one
// whose responsable légal is not the one on file, one whose masse salariale is
// wrong, an organisme whose invoice nobody knows, and two that all agree.
func demandesDemo() []demandeDemo {
	dossiers, contributions := opco.ServiceDossiers, opco.ServiceContributions
	return []demandeDemo{
		demandeEntreprise(entreprisesDemo[0], identiteDemo("M.", "Paul-Aurélien", "Kerbrat", "paul-aurelien.kerbrat@sorbier.test"),
			"Directeur administratif", "Anne-Laure Sorbier-Dumas", 0, dossiers, contributions),
		demandeOrganisme(organismesDemo[1], identiteDemo("Mme", "Sophie", "Ben Hamou", "sophie.benhamou@competences-plus.test"), "Responsable administrative"),
		demandeEntreprise(entreprisesDemo[1], identiteDemo("Mme", "Hélène", "Roussillon-Beaupré", "direction@les-tilleuls.test"),
			"Directrice", entreprisesDemo[1].Responsable, 0, dossiers),
		demandeEntreprise(entreprisesDemo[3], identiteDemo("Mme", "Minh-Anh", "Nguyễn Thị", "minh-anh.nguyen@banque-littorale.test"),
			"Chargée de formation", entreprisesDemo[3].Responsable, 100_00, dossiers),
		demandeEntreprise(entreprisesDemo[4], identiteDemo("M.", "Xavier", "d’Estienne d’Orves", "xavier@proprete-azur.test"),
			"Gérant", entreprisesDemo[4].Responsable, 0, contributions),
	}
}

// demandeEntreprise asks for services on every site of a company, with a masse
// salariale that is ecart from the known one.
func demandeEntreprise(f FicheEntreprise, qui opco.Identite, fonction, responsable string, ecart opco.Montant, services ...opco.Service) demandeDemo {
	return demandeDemo{qui, opco.BlocDemande{Profil: opco.RoleEntreprise, Branche: f.IDCC,
		CodeAdherent: f.CodeAdherent, MasseSalariale: f.MasseSalariale + ecart, Responsable: responsable, Services: services, Certifie: true,
		Etablissements: etablissementsVoulus(f.Sites, fonction)}}
}

func demandeOrganisme(f FicheOrganisme, qui opco.Identite, fonction string) demandeDemo {
	return demandeDemo{qui, opco.BlocDemande{Profil: opco.RoleOrganisme, NDA: f.NDA, FactureHT: 980_00,
		Responsable: qui.NomComplet(), Services: []opco.Service{opco.ServicePaiements}, Certifie: true,
		Etablissements: etablissementsVoulus(f.Sites[:1], fonction)}}
}

func identiteDemo(civilite, prenom, nom string, email opco.Email) opco.Identite {
	return opco.Identite{Civilite: civilite, Prenom: prenom, Nom: nom, Email: email, Telephone: "01 99 00 01 10"}
}

func etablissementsVoulus(sites []opco.SIRET, fonction string) []opco.EtablissementVoulu {
	es := make([]opco.EtablissementVoulu, len(sites))
	for i, x := range sites {
		es[i] = opco.EtablissementVoulu{SIRET: x, Fonction: fonction}
	}
	return es
}

// ChargerDemandesDemo makes the requests for rights of the demonstration: people
// who signed up, proved their e-mail with the code of their mail and chose
// MotDePasseDemo, all by the actes and délais of everybody. Loading again changes
// nothing.
func (s *Store) ChargerDemandesDemo(ctx context.Context) error {
	hache, err := HacherMotDePasse(MotDePasseDemo)
	if err != nil {
		return err
	}
	for _, d := range demandesDemo() {
		err := s.transact(ctx, func(tx *sqlx.Tx) error { return s.demanderDemo(ctx, tx, d, hache) })
		if err != nil {
			return fmt.Errorf("loading the request of %s: %w", d.identite.Email, err)
		}
	}
	return nil
}

func (s *Store) demanderDemo(ctx context.Context, tx *sqlx.Tx, d demandeDemo, hache string) error {
	id := uuid.NewSHA1(espaceComptes, []byte("demande/"+d.identite.Email)).String()
	if c, err := compteParID(ctx, tx, id); err != nil || c != nil {
		return err
	}
	par, err := s.parametresDuJour(ctx, tx)
	if err != nil {
		return err
	}
	personne := opco.Acteur{Role: opco.RoleDemandeur, Nom: "Le demandeur"}
	faire := func(t opco.TypeActe, qui opco.Acteur, charge any) error {
		a := opco.Acte{Objet: opco.ObjetCompte(id), Type: t, Par: qui}
		if qui.Personne != "" {
			a.Compte = id
		}
		if err := s.appliquerDirectCompte(ctx, tx, a, charge, hache); err != nil {
			return err
		}
		return s.echoirCompte(ctx, tx, id)
	}
	err = faire(opco.ActeInscrire, personne, opco.ChargeInscrire{Identite: d.identite, Blocs: []opco.BlocDemande{d.bloc},
		CGU: par.Comptes.VersionCGU, Politique: par.PolitiqueInscription})
	if err != nil {
		return err
	}
	code, err := secretPoste(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := faire(opco.ActeConfirmerEmail, personne, opco.ChargeCode{Empreinte: opco.EmpreinteCode(code)}); err != nil {
		return err
	}
	if d.bloc.Profil == opco.RoleEntreprise {
		return nil
	}
	c, err := compteParID(ctx, tx, id)
	if err != nil {
		return err
	}
	return faire(opco.ActeOuvrirEspace, opco.Acteur{Personne: c.Personne, Nom: c.NomComplet(), Role: opco.RoleOrganisme}, nil)
}

// secretPoste is the code of the last mail of an account that has not left.
func secretPoste(ctx context.Context, tx *sqlx.Tx, id string) (string, error) {
	var code string
	err := tx.GetContext(ctx, &code, `
		SELECT donnees #>> '{courrier,secret}' FROM courrier
		WHERE objet = $1 AND etat = 'A_ENVOYER' AND donnees #> '{courrier,secret}' IS NOT NULL ORDER BY rang DESC LIMIT 1`, opco.ObjetCompte(id))
	if err != nil {
		return "", introuvable(err, "Aucun code n’attend d’être envoyé à ce compte.")
	}
	return code, nil
}

// echoirCompte lets the délais of an account come that are due now, in the
// transaction of what armed them.
func (s *Store) echoirCompte(ctx context.Context, tx *sqlx.Tx, id string) error {
	for {
		dem := opco.Demarche{Objet: opco.ObjetCompte(id)}
		c, err := verrouillerCompte(ctx, tx, dem)
		if err != nil {
			return err
		}
		le, err := s.Maintenant(ctx)
		if err != nil || len(c.Echeances) == 0 || c.Echeances[0].Le.After(le) {
			return err
		}
		e := c.Echeances[0]
		dem.Rang, dem.Echeance = c.Rang+1, &e
		if _, err := s.recordCompte(ctx, tx, dem); err != nil {
			return err
		}
	}
}

// chargeDe encodes what an acte carries; nothing is an empty object.
func chargeDe(charge any) (json.RawMessage, error) {
	if charge == nil {
		return json.RawMessage(`{}`), nil
	}
	return json.Marshal(charge)
}
