package api

import (
	"cmp"
	"slices"
	"time"

	"guichet/opco"
	"guichet/store"
)

// monCompte shows an account, to its holder or to the staff: what it is, what each
// right opens today and what comes next. The evidence is not in it: it would teach
// an applicant what the OPCO knows.
func monCompte(c store.CompteLu, p opco.Parametres, jour opco.Date) MonCompte {
	v := MonCompte{Id: c.ID, Etat: c.Etat, Libelle: opco.LibelleCompte(c.Etat), Origine: c.Origine, Identifiant: c.Identifiant,
		Identite: IdentiteLue{Civilite: c.Civilite, Nom: c.Nom, Prenom: c.Prenom, Email: string(c.Email), Telephone: c.Telephone,
			NeLe: c.NeLe, Fonction: c.Fonction},
		Entites: entitesLues(c), Droits: droitsLus(c, jour), Roles: rolesLus(c.Roles), Liens: liensLus(c.Liens),
		Facteurs:  FacteursResume{Totp: c.Facteurs.TOTP, Passkeys: int32(c.Facteurs.Passkeys)}, //nolint:gosec // a few keys
		Politique: c.Politique, Regle: p.Politique(c.Politique).Regle(), CreeLe: c.CreeLe, ConfirmeLe: siDate(c.ConfirmeLe),
		Cgu: c.CGU, Confidentialite: c.Confidentialite}
	coupe := c.Compte
	coupe.Habilitations = slices.Clone(c.Habilitations)
	for i := range coupe.Habilitations {
		if slices.Contains(c.Coupees, coupe.Habilitations[i].ID) {
			coupe.Habilitations[i].Etat = opco.HabRetiree
		}
	}
	v.Tuiles = []opco.Tuile{}
	if !c.Interne() {
		v.Tuiles = coupe.Tuiles(jour)
	}
	return v
}

// siDate is nil for the zero instant, which JSON would show as the year 1.
func siDate(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// entitesLues lists the établissements of an account, « NOM (SIRET) », once each.
func entitesLues(c store.CompteLu) []EntiteLue {
	es := []EntiteLue{}
	for _, h := range c.Habilitations {
		e := EntiteLue{Profil: h.Profil, Siret: h.SIRET, Nom: c.Noms[h.SIRET.SIREN()]}
		e.Affichage = cmp.Or(e.Nom, "Organisation inconnue de l’OPCO") + " (" + h.SIRET.Affiche() + ")"
		if !slices.Contains(es, e) {
			es = append(es, e)
		}
	}
	slices.SortStableFunc(es, func(a, b EntiteLue) int {
		return cmp.Or(cmp.Compare(a.Profil, b.Profil), cmp.Compare(a.Nom, b.Nom), cmp.Compare(a.Siret, b.Siret))
	})
	return es
}

func droitsLus(c store.CompteLu, jour opco.Date) []DroitLu {
	ds := make([]DroitLu, len(c.Habilitations))
	for i, h := range c.Habilitations {
		if slices.Contains(c.Coupees, h.ID) {
			h.Etat = opco.HabRetiree
		}
		ds[i] = DroitLu{Id: h.ID, Profil: h.Profil, Siret: h.SIRET, Entite: c.Noms[h.SIRET.SIREN()], Service: h.Service, Libelle: h.Service.Libelle(),
			Etat: h.Etat, EtatLibelle: h.Etat.Libelle(), Ensuite: h.Ensuite(jour), Ouvert: c.Effective(h, jour), Du: h.Du, Au: h.Au, Mandat: h.Mandat,
			Motif: h.Motif, Phrase: h.Phrase, Reponse: h.Reponse, Bloc: h.Bloc, DemandeeLe: siDate(h.DemandeeLe), Limite: h.Limite,
			DecideeLe: siDate(h.DecideeLe), DecideePar: h.DecideePar.Nom, Auto: h.Auto != ""}
		if le, ok := c.Utilisees[h.ID]; ok {
			ds[i].UtiliseeLe = &le
		}
	}
	return ds
}

// rolesLus shows the roles of a staff member that are in force or wait.
func rolesLus(rs []opco.RoleAccorde) []RoleLu {
	vs := []RoleLu{}
	for _, r := range rs {
		if r.RetireLe.IsZero() {
			vs = append(vs, RoleLu{Role: r.Role, Libelle: r.Role.Libelle(), Attend: r.Attend, AccordePar: r.AccordePar.Nom,
				ConfirmePar: r.ConfirmePar.Nom, Le: r.Le})
		}
	}
	return vs
}

func liensLus(ls []opco.LienDInteret) []LienLu {
	vs := []LienLu{}
	for _, l := range ls {
		if l.FinLe.IsZero() {
			vs = append(vs, LienLu{Siren: l.SIREN, Raison: l.Raison, Le: l.Le})
		}
	}
	return vs
}

// blocsLus shows what the person asked for and gave as proof, and, to the staff,
// what the OPCO knows of it.
func blocsLus(c store.CompteLu, preuves bool) []BlocLu {
	vs := make([]BlocLu, len(c.Demandes))
	for i, b := range c.Demandes {
		vs[i] = BlocLu{Id: b.ID, Profil: b.Profil, Branche: b.Branche, CodeAdherent: b.CodeAdherent, MasseSalariale: b.MasseSalariale,
			Nda: string(b.NDA), FactureHt: b.FactureHT, Responsable: b.Responsable, Services: b.Services, Etablissements: b.Etablissements,
			Le: b.Le, Ouvert: b.Ouvert, Preuves: []opco.Preuve{}}
		for _, x := range c.Preuves {
			if preuves && x.Bloc == b.ID {
				vs[i].Preuves = append(vs[i].Preuves, x)
			}
		}
	}
	return vs
}

// tusAuTitulaire are the steps that the holder of an account does not read: the
// OPCO's own reminders, and what its verification found.
var tusAuTitulaire = []opco.TypeActe{opco.ActeAlerterConseiller, opco.ActeVerifierDroits}

// journalLu shows the journal of an account. Its holder does not read what is the
// OPCO's own.
func journalLu(ps []opco.Passage, titulaire bool) []LigneJournalCompte {
	vs := []LigneJournalCompte{}
	for _, p := range ps {
		if titulaire && (slices.Contains(tusAuTitulaire, p.Type) || p.Verdict == opco.VerdictRefuse && p.Par.Role.Interne()) {
			continue
		}
		vs = append(vs, LigneJournalCompte{Rang: p.Rang, Type: string(p.Type), Code: p.Code, De: string(p.De), Vers: string(p.Vers),
			Verdict: p.Verdict, Motif: p.Motif, Phrase: p.Phrase, Par: p.Par.Nom, Role: p.Par.Role.Libelle(), Le: p.Le})
	}
	return vs
}

func agentLu(c store.CompteLu) AgentLu {
	return AgentLu{Id: c.ID, Etat: c.Etat, Libelle: opco.LibelleCompte(c.Etat), Identifiant: c.Identifiant, Email: string(c.Email), Nom: c.Nom,
		Prenom: c.Prenom, Roles: rolesLus(c.Roles), Liens: liensLus(c.Liens),
		Facteurs: FacteursResume{Totp: c.Facteurs.TOTP, Passkeys: int32(c.Facteurs.Passkeys)}} //nolint:gosec // a few keys
}
