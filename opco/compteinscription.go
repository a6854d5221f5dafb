package opco

import (
	"strconv"
)

// inscrire keeps the request of an applicant (C01); C02 follows at once.
func (p *pasCompte) inscrire() error {
	ch, err := lireCompte[ChargeInscrire](p)
	if err != nil {
		return err
	}
	if fautes := ch.Valider(p.jour()); len(fautes) > 0 {
		return fautes[0]
	}
	if ch.CGU != p.regles().VersionCGU {
		return Champf("cgu", "Nos conditions d’utilisation ont changé : relisez-les et acceptez-les.")
	}
	p.naitre(OrigineInscription, ch.Identite, string(ch.Identite.Email), "")
	p.c.Politique, p.c.Etat = ch.Politique, CompteDemandeSaisie
	p.c.CGU = &Acceptation{Version: ch.CGU, Le: p.f.Le}
	p.demander(ch.Blocs)
	p.armerInstant(ActeVerifierInscription, "inscription", p.f.Le)
	p.dire("Compte demandé : %s.", blocsDits(ch.Blocs))
	return nil
}

// naitre writes what every new account has. personne is "" for somebody whom the
// OPCO does not know yet.
func (p *pasCompte) naitre(o Origine, i Identite, identifiant, personne string) {
	if personne == "" {
		personne = p.c.ID
	}
	p.c.Origine, p.c.Identite, p.c.Identifiant, p.c.Personne, p.c.CreeLe = o, i, identifiant, personne, p.f.Le
}

// demander numbers the boxes and makes one right of each établissement and service.
// What was refused, withdrawn or ended is asked for again.
func (p *pasCompte) demander(blocs []BlocDemande) {
	for _, b := range blocs {
		b.ID, b.Le, b.Ouvert = strconv.Itoa(len(p.c.Demandes)+1), p.f.Le, false
		p.c.Demandes = append(p.c.Demandes, b)
		for _, e := range b.Etablissements {
			for _, s := range b.Services {
				p.poser(Habilitation{ID: CleHabilitation(b.Profil, e.SIRET, s), Profil: b.Profil, SIRET: e.SIRET, Service: s,
					Etat: HabDemandee, Bloc: b.ID, DemandeeLe: p.f.Le})
			}
		}
	}
}

// poser writes a right in the place of the one that has its id.
func (p *pasCompte) poser(h Habilitation) {
	if x, ok := p.c.Habilitation(h.ID); ok {
		*x = h
		return
	}
	p.c.Habilitations = append(p.c.Habilitations, h)
}

// blocsDits says what was asked for: « entreprise, 2 établissements ; organisme de
// formation, 1 établissement ».
func blocsDits(bs []BlocDemande) string {
	s := ""
	for i, b := range bs {
		if i > 0 {
			s += " ; "
		}
		profil := "entreprise"
		if b.Profil == RoleOrganisme {
			profil = "organisme de formation"
		}
		s += profil + ", " + compter(len(b.Etablissements), "établissement")
	}
	return s
}

// compter writes « 1 droit », « 3 droits ».
func compter(n int, mot string) string {
	if n > 1 {
		mot += "s"
	}
	return strconv.Itoa(n) + " " + mot
}

// ajouterEntite asks for more rights from an open account (C12, MA-73). The tile
// is there at once; a company's rights are examined at once, those of an organisme
// at the first click on its tile (MA-65).
func (p *pasCompte) ajouterEntite() error {
	if err := p.soi(); err != nil {
		return err
	}
	ch, err := lireCompte[ChargeBlocs](p)
	if err != nil {
		return err
	}
	if fautes := ValiderBlocs(ch.Blocs); len(fautes) > 0 {
		return fautes[0]
	}
	for i, b := range ch.Blocs {
		if err := p.nouveau(i, b); err != nil {
			return err
		}
	}
	ouvert := p.espaceOuvert()
	p.demander(ch.Blocs)
	demandes := p.c.Demandes[len(p.c.Demandes)-len(ch.Blocs):]
	var hs []Habilitation
	for _, b := range demandes {
		if b.Profil == RoleEntreprise || ouvert {
			p.armerVerification(b.ID)
		}
		for _, h := range p.c.Habilitations {
			if h.Bloc == b.ID {
				hs = append(hs, h)
			}
		}
	}
	p.ecrire(CourrierCompte{Evenement: CourrierEntiteAjoutee, Habilitations: hs})
	p.dire("Entité ajoutée : %s.", blocsDits(ch.Blocs))
	return nil
}

// nouveau refuses to ask again for what is granted or awaited.
func (p *pasCompte) nouveau(i int, b BlocDemande) error {
	for j, e := range b.Etablissements {
		for _, s := range b.Services {
			h, ok := p.c.Habilitation(CleHabilitation(b.Profil, e.SIRET, s))
			champ := "blocs[" + strconv.Itoa(i) + "].etablissements[" + strconv.Itoa(j) + "].siret"
			switch {
			case !ok:
			case h.Etat == HabAccordee:
				return &Error{Kind: Conflict, Code: "DEJA_ACCORDE", Champ: champ, Message: "Vous avez déjà le droit « " + h.nom() + " » : retirez-le de la demande."}
			case h.Etat.Attendue():
				return &Error{Kind: Conflict, Code: "DEJA_DEMANDE", Champ: champ, Message: "Vous avez déjà demandé le droit « " + h.nom() + " » : attendez la réponse."}
			}
		}
	}
	return nil
}

// espaceOuvert reports whether the person has already clicked on the OF tile, or
// has a right there by another way.
func (p *pasCompte) espaceOuvert() bool {
	for _, b := range p.c.Demandes {
		if b.Profil == RoleOrganisme && b.Ouvert {
			return true
		}
	}
	for _, h := range p.c.Habilitations {
		if h.Profil == RoleOrganisme && h.Etat != HabDemandee {
			return true
		}
	}
	return false
}

// ouvrirEspace is the first click on the OF tile: it asks the advisors for the
// rights (C07, MA-65).
func (p *pasCompte) ouvrirEspace() error {
	if err := p.soi(); err != nil {
		return err
	}
	n := 0
	for _, b := range p.c.Demandes {
		if b.Profil == RoleOrganisme && !b.Ouvert && len(p.c.aVerifier(b.ID)) > 0 && !p.arme(ActeVerifierDroits, codeBloc(b.ID)) {
			p.armerVerification(b.ID)
			n++
		}
	}
	if n == 0 {
		return Errorf(Conflict, "Votre demande d’accès à l’espace organisme est déjà partie, ou il n’y a rien à demander.").AvecCode("DEJA_OUVERT")
	}
	p.dire("Premier accès à l’espace organisme de formation : les droits demandés sont transmis aux conseillers.")
	return nil
}

// redemanderDroit asks again for rights refused, withdrawn or suspended (C09, C15).
func (p *pasCompte) redemanderDroit() error {
	if err := p.soi(); err != nil {
		return err
	}
	ch, err := lireCompte[ChargeDroits](p)
	if err != nil {
		return err
	}
	hs, err := p.choisir(ch.Habilitations)
	if err != nil {
		return err
	}
	for _, h := range hs {
		if h.Mandat || h.Etat != HabRefusee && h.Etat != HabRetiree && h.Etat != HabSuspendue {
			return Errorf(Conflict, "Le droit « %s » ne peut pas être demandé de nouveau : il est accordé, en attente, ou donné par un mandat.", h.nom()).AvecCode("ETAPE_INATTENDUE")
		}
		*h = Habilitation{ID: h.ID, Profil: h.Profil, SIRET: h.SIRET, Service: h.Service, Etat: HabDemandee, Bloc: h.Bloc, DemandeeLe: p.f.Le}
		if !p.arme(ActeVerifierDroits, codeBloc(h.Bloc)) {
			p.armerVerification(h.Bloc)
		}
	}
	p.dire("Droits demandés de nouveau : %s.", droits(copies(hs)))
	return nil
}
